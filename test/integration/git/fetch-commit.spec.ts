import { access, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ABSENT, MirrorFixture, PROJECT } from './mirror-fixture.js';

describe('RepositoryMirror.fetchCommit', () => {
  let fixture: MirrorFixture;

  beforeEach(async () => {
    fixture = await MirrorFixture.create();
  });
  afterEach(async () => {
    await fixture.remove();
  });

  it('fetches a commit once and reports its progress', async () => {
    const sha = await fixture.pushed({ 'a.txt': 'one' });
    const lines: string[] = [];
    await fixture.mirror().fetchCommit(fixture.request(sha, { onProgress: (line) => lines.push(line) }));
    expect(await fixture.fileOf(sha, 'a.txt')).toBe('one');
    expect(lines.join('\n')).toMatch(/objects: 100%/);
    const before = fixture.server.requests.length;
    await fixture.mirror().fetchCommit(fixture.request(sha));
    expect(fixture.server.requests.length).toBe(before);
  });

  it('fetches current and older commits of any branch, without their history', async () => {
    const first = await fixture.pushed({ 'a.txt': 'one' });
    const second = await fixture.pushed({ 'a.txt': 'two' });
    const other = await fixture.pushed({ 'a.txt': 'three' }, 'größe/日本');
    for (const sha of [second, first, other]) await fixture.mirror().fetchCommit(fixture.request(sha));
    expect(await fixture.fileOf(first, 'a.txt')).toBe('one');
    expect(await fixture.fileOf(second, 'a.txt')).toBe('two');
    expect(await fixture.fileOf(other, 'a.txt')).toBe('three');
  });

  it('restores the ref of a commit that the mirror still has, even while the host fails', async () => {
    const sha = await fixture.fetched({ 'a.txt': 'one' });
    const ref = join(fixture.mirrorDir, `${PROJECT}.git`, 'refs/nexos', sha);
    await rm(ref);
    fixture.server.simulate({ kind: 'status', status: 502 });
    await fixture.mirror().fetchCommit(fixture.request(sha));
    await expect(access(ref)).resolves.toBeUndefined();
  });

  it('keeps a commit that a force push removed from its branch', async () => {
    const kept = await fixture.pushed({ 'a.txt': 'one' });
    const lost = await fixture.pushed({ 'a.txt': 'two' });
    await fixture.mirror().fetchCommit(fixture.request(lost));
    await fixture.repository.forcePush('main', kept);
    await fixture.mirror().fetchCommit(fixture.request(kept));
    expect(await fixture.fileOf(lost, 'a.txt')).toBe('two');
  });

  it('fetches each commit once for concurrent builds that share a mirror', async () => {
    const shas = [await fixture.pushed({ 'a.txt': 'one' }), await fixture.pushed({ 'a.txt': 'two' })];
    const jobs = [...shas, ...shas, ...shas].map((sha) => fixture.mirror().fetchCommit(fixture.request(sha)));
    await Promise.all(jobs);
    for (const [index, sha] of shas.entries())
      expect(await fixture.fileOf(sha, 'a.txt')).toBe(['one', 'two'][index]);
    // Each fetch sends two requests: one for the refs, one for the pack.
    expect(fixture.fetches).toBeLessThanOrEqual(4);
  });

  it('keeps the 20 most recently used commits and drops older ones', async () => {
    const shas: string[] = [];
    for (let number = 0; number < 24; number += 1)
      shas.push(await fixture.pushed({ 'a.txt': String(number) }));
    for (const sha of shas) await fixture.mirror().fetchCommit(fixture.request(sha));
    const kept = await readdir(join(fixture.mirrorDir, `${PROJECT}.git`, 'refs', 'nexos'));
    expect(kept.toSorted()).toEqual(shas.slice(-20).toSorted());
    const [first = ''] = shas;
    await fixture.mirror().fetchCommit(fixture.request(first));
    expect(await fixture.fileOf(first, 'a.txt')).toBe('0');
  });

  it('fails with commit_not_found for a commit that does not exist', async () => {
    await fixture.pushed({ 'a.txt': 'one' });
    await expect(fixture.mirror().fetchCommit(fixture.request(ABSENT))).rejects.toMatchObject({
      code: 'commit_not_found',
    });
  });

  it('searches the branch for the commit when the host serves only branch tips', async () => {
    const sha = await fixture.pushed({ 'a.txt': 'one' });
    await fixture.pushed({ 'a.txt': 'two' });
    fixture.server.simulate({ kind: 'tips-only' });
    const without = fixture.mirror().fetchCommit(fixture.request(sha));
    await expect(without).rejects.toMatchObject({ code: 'commit_not_found' });
    await fixture.mirror().fetchCommit(fixture.request(sha, { branch: 'main' }));
    expect(await fixture.fileOf(sha, 'a.txt')).toBe('one');
    const absent = fixture.mirror().fetchCommit(fixture.request(ABSENT, { branch: 'main' }));
    await expect(absent).rejects.toMatchObject({ code: 'commit_not_found' });
    const gone = fixture.mirror().fetchCommit(fixture.request(ABSENT, { branch: '--upload-pack=x' }));
    await expect(gone).rejects.toMatchObject({ code: 'commit_not_found' });
  });

  it.each(['../etc', 'PROJ_1', 'proj', 'proj_1/..', ''])('rejects the project id %j', async (projectId) => {
    await expect(fixture.mirror().fetchCommit(fixture.request(ABSENT, { projectId }))).rejects.toThrow(
      TypeError,
    );
  });

  it.each(['octo', '../octo/app', 'octo/..', 'octo/a b', '--upload-pack=x/app', 'octo/app?x'])(
    'rejects the repository %j',
    async (repository) => {
      await expect(fixture.mirror().fetchCommit(fixture.request(ABSENT, { repository }))).rejects.toThrow(
        TypeError,
      );
    },
  );

  it.each(['HEAD', '--upload-pack=x', ABSENT.slice(1), `${ABSENT}\n`])('rejects the sha %j', async (sha) => {
    await expect(fixture.mirror().fetchCommit(fixture.request(sha))).rejects.toThrow(TypeError);
  });
});
