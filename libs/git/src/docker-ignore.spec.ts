import { describe, expect, it } from 'vitest';
import { ignoredPaths } from './docker-ignore.js';

const PATHS = [
  'src',
  'src/app.js',
  'src/app.test.js',
  'README.md',
  'docs',
  'docs/a.md',
  'docs/keep.md',
  'C++',
];

async function ignored(...lines: string[]): Promise<string[]> {
  return [...(await ignoredPaths(lines.join('\n'), PATHS))];
}

describe('ignoredPaths', () => {
  it('ignores nothing without patterns', async () => {
    expect(await ignored('# a comment', '', '  ')).toEqual([]);
  });

  it('ignores a folder with everything in it', async () => {
    expect(await ignored('/docs/')).toEqual(['docs', 'docs/a.md', 'docs/keep.md']);
  });

  it('includes what a later line negates', async () => {
    expect(await ignored('*', '!docs/keep.md', '!src', 'src/*.test.js')).toEqual([
      'src/app.test.js',
      'README.md',
      'docs',
      'docs/a.md',
      'C++',
    ]);
  });

  it('matches at any depth with two stars', async () => {
    expect(await ignored('**/*.md')).toEqual(['README.md', 'docs/a.md', 'docs/keep.md']);
  });

  it('distinguishes upper and lower case, as Docker does on Linux', async () => {
    expect(await ignored('readme.md')).toEqual([]);
  });

  it('treats special characters of regular expressions literally', async () => {
    expect(await ignored('C++')).toEqual(['C++']);
    expect(await ignored('(src|docs)')).toEqual([]);
  });

  it('accepts Windows line endings and a byte order mark', async () => {
    expect(await ignored('\u{feff}src/app.js\r', 'C++\r')).toEqual(['src/app.js', 'C++']);
  });

  it('ignores files named like properties of JavaScript objects', async () => {
    const paths = ['constructor', 'toString', '__proto__', 'src/valueOf'];
    expect([...(await ignoredPaths('*', paths))]).toEqual(paths);
  });

  it('rejects a malformed pattern', async () => {
    await expect(ignored('[z-a]')).rejects.toMatchObject({ code: 'dockerfile_invalid' });
  });

  it('aborts a pattern that would match forever', async () => {
    const pattern = `${'*a'.repeat(20)}b`;
    const started = Date.now();
    await expect(ignoredPaths(pattern, ['a'.repeat(200)])).rejects.toMatchObject({
      code: 'dockerfile_invalid',
    });
    expect(Date.now() - started).toBeLessThan(5000);
  });
});
