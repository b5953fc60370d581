import { assertPublicSources, STARTING_POINTS } from '@nexos/domain';
import { parseRepositoryConfig } from '@nexos/settings';
import { describe, expect, it } from 'vitest';
import { GUIDE, SECTIONS } from './dockerfile-guide.js';
import { anchorsOf } from './markdown.js';

const OFFER = { postgres: [], redis: [], s3: [] };

describe('docs/guides/dockerfiles.md', () => {
  it('has a section for each kind of app that failures refer to, and no other', () => {
    const anchors = anchorsOf(GUIDE);
    for (const { anchor } of STARTING_POINTS) expect([...anchors]).toContain(anchor);
    expect(SECTIONS).toHaveLength(STARTING_POINTS.length);
  });

  it.each(SECTIONS)(
    'has one valid Dockerfile and one valid nexos.yaml for $title',
    ({ dockerfiles, configs }) => {
      const [dockerfile = ''] = dockerfiles;
      expect([dockerfiles, configs]).toEqual([[expect.any(String)], [expect.any(String)]]);
      expect(dockerfile).toMatch(/^FROM /);
      expect(() =>
        assertPublicSources(dockerfile, { path: 'Dockerfile', buildArgs: {}, registries: [] }),
      ).not.toThrow();
      const [file = ''] = configs;
      expect(parseRepositoryConfig(Buffer.from(file), OFFER, 'nexos.yaml').app?.port).toBeDefined();
    },
  );
});
