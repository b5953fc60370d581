import { assertPublicSources, STARTING_POINTS } from '@nexos/domain';
import { parseRepositoryConfig } from '@nexos/settings';
import { describe, expect, it } from 'vitest';
import { anchorsOf, documentAt } from './markdown.js';

const GUIDE = documentAt('docs/guides/dockerfiles.md');
const SECTIONS = GUIDE.split(/^## /m)
  .slice(1)
  .map((text) => ({ title: text.split('\n', 1)[0] ?? '', text }));
const OFFER = { postgres: [], redis: [], s3: [] };

/** Returns the code blocks of a language. */
function blocks(text: string, language: string): string[] {
  return Array.from(
    text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm')),
    ([, code = '']) => code,
  );
}

describe('docs/guides/dockerfiles.md', () => {
  it('has a section for each kind of app that failures refer to, and no other', () => {
    const anchors = anchorsOf(GUIDE);
    for (const { anchor } of STARTING_POINTS) expect([...anchors]).toContain(anchor);
    expect(SECTIONS).toHaveLength(STARTING_POINTS.length);
  });

  it.each(SECTIONS)('has one valid Dockerfile for $title, and a valid nexos.yaml if any', ({ text }) => {
    const [dockerfile = '', ...others] = blocks(text, 'dockerfile');
    expect(others).toEqual([]);
    expect(dockerfile).toMatch(/^FROM /);
    expect(() =>
      assertPublicSources(dockerfile, { path: 'Dockerfile', buildArgs: {}, registries: [] }),
    ).not.toThrow();
    for (const file of blocks(text, 'yaml')) {
      expect(() => parseRepositoryConfig(Buffer.from(file), OFFER, 'nexos.yaml')).not.toThrow();
    }
  });
});
