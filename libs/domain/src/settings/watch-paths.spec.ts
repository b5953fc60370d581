import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWatched, matchesPathGlob, PATH_GLOB } from './watch-paths.js';

describe('matchesPathGlob', () => {
  it.each([
    ['src', 'src/a/b.ts'],
    ['src/', 'src/a.ts'],
    ['./src', 'src/a.ts'],
    ['src', 'src'],
    ['src/**', 'src/a/b.ts'],
    ['src/*', 'src/a/b.ts'],
    ['*', 'src/a/b.ts'],
    ['.', 'src/a.ts'],
    ['**', 'README'],
    ['**/*.ts', 'a.ts'],
    ['**/*.ts', 'src/deep/er/a.ts'],
    ['src/**/a.ts', 'src/a.ts'],
    ['src/**/a.ts', 'src/x/y/a.ts'],
    ['**/src/**', 'apps/web/src/a.ts'],
    ['src/?.ts', 'src/a.ts'],
    ['src/**.ts', 'src/a.ts'],
    ['a[b', 'a[b'],
    ['größe/*', 'größe/ä'],
    ['a b', 'a b'],
  ])('%s matches %s', (glob, path) => {
    expect(matchesPathGlob(glob, path)).toBe(true);
  });

  it.each([
    ['src', 'srcs/a.ts'],
    ['src', 'apps/src/a.ts'],
    ['src/a', 'src'],
    ['*.ts', 'src/a.ts'],
    ['src/?.ts', 'src/ab.ts'],
    ['src/**.ts', 'src/b/a.ts'],
    ['src/*/a.ts', 'src/a.ts'],
    ['**/src', 'apps/srcs/a'],
    ['Src', 'src/a'],
    ['[ab]', 'a'],
    ['(a+)+b', 'aaab'],
  ])('%s does not match %s', (glob, path) => {
    expect(matchesPathGlob(glob, path)).toBe(false);
  });

  it('agrees with the equivalent regular expression', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 4 });
    const step = fc.oneof(name, fc.constant('**'));
    const globs = fc.array(step, { minLength: 1, maxLength: 5 });
    const paths = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(globs, paths, (steps, names) => {
        const source = steps.map((one) =>
          one === '**'
            ? '(?:[^/]+/)*'
            : `${one.replaceAll(/\*+/g, '[^/]*').replaceAll(/(?<!\])\?/g, '[^/]')}/`,
        );
        const expected = new RegExp(`^${source.join('')}`).test(`${names.join('/')}/`);
        expect(matchesPathGlob(steps.join('/'), names.join('/'))).toBe(expected);
      }),
    );
  });

  it('matches hostile globs in little time', () => {
    const started = performance.now();
    expect(matchesPathGlob(`${'**/'.repeat(80)}x`, 'a/'.repeat(2_000))).toBe(false);
    expect(matchesPathGlob(`${'*a'.repeat(120)}b`, 'a'.repeat(4_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('isWatched', () => {
  it.each<[readonly string[], string, boolean]>([
    [[], 'a', true],
    [['src'], 'src/a', true],
    [['src'], 'docs/a', false],
    [['!docs'], 'src/a', true],
    [['!docs'], 'docs/a', false],
    [['src', '!**/*.md'], 'src/a.md', false],
    [['!**/*.md', 'src'], 'src/a.md', false],
    [['src', '!**/*.md'], 'src/a.ts', true],
    [['src', 'lib', '!src/test'], 'src/test/a', false],
  ])('%j watches %s: %s', (globs, path, expected) => {
    expect(isWatched(globs, path)).toBe(expected);
  });
});

describe('PATH_GLOB', () => {
  it.each(['a', '!a', '**', './a', 'a/../b'.replace('/../', '/..x/'), 'a b', '*.{ts}', 'ä'])(
    'accepts %s',
    (glob) => {
      expect(PATH_GLOB.test(glob)).toBe(true);
    },
  );
  it.each([
    '',
    '!',
    '!!a',
    '/a',
    '!/a',
    '..',
    'a/..',
    '../a',
    'a/../b',
    '!../a',
    'a\\b',
    'a\nb',
    'a\0',
    '\ud800',
  ])('rejects %j', (glob) => {
    expect(PATH_GLOB.test(glob)).toBe(false);
  });
});
