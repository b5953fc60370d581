import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCommit } from '../../support/git-server/test-repository.js';
import { MirrorFixture } from './mirror-fixture.js';
import { untar } from './untar.js';

describe('a build context', () => {
  let fixture: MirrorFixture;
  beforeEach(async () => {
    fixture = await MirrorFixture.create();
  });
  afterEach(() => fixture.remove());

  it('leaves out one file, unless it is the Dockerfile or .dockerignore keeps it', async () => {
    const files = { Dockerfile: 'FROM scratch', 'nexos.yaml': 'a', 'web/nexos.yaml': 'b', 'web/app.js': '' };
    const sent = async (path: string, more: TestCommit['files'] = {}, buildContext = '.') => {
      const sha = await fixture.fetched({ ...files, ...more });
      const { stream } = await fixture.archive(sha, { buildContext, leaveOut: () => path });
      return [...(await untar(stream)).keys()].filter((name) => name.endsWith('nexos.yaml')).toSorted();
    };
    expect(await sent('./nexos.yaml')).toEqual(['web/nexos.yaml']);
    expect(await sent('web/nexos.yaml')).toEqual(['nexos.yaml']);
    expect(await sent('web/nexos.yaml', {}, 'web')).toEqual([]);
    expect(await sent('nexos.yaml', {}, 'web')).toEqual(['nexos.yaml']);
    expect(await sent('nexos.yaml', { 'nexos.yaml': { link: 'web/nexos.yaml' } })).toHaveLength(2);
    const kept = { 'nexos.yaml': 'a', '.dockerignore': '*\n!nexos.yaml' };
    expect(await sent('nexos.yaml', kept)).toEqual(['nexos.yaml']);
    const own = await fixture.fetched({ 'nexos.yaml': 'FROM scratch' });
    const { stream } = await fixture.archive(own, { dockerfile: 'nexos.yaml', leaveOut: () => 'nexos.yaml' });
    expect([...(await untar(stream)).keys()]).toContain('nexos.yaml');
  });
});
