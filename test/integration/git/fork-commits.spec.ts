import { forkBranch } from '@nexos/domain';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MirrorFixture, REPOSITORY, TOKEN } from './mirror-fixture.js';

let fixture: MirrorFixture;
beforeEach(async () => {
  fixture = await MirrorFixture.create({ private: true });
});
afterEach(() => fixture.remove());

/** Has the base repository keep a commit of a fork under its pull request only. */
async function forkCommit(
  files: Record<string, string | { submodule: string }>,
  number = 5,
): Promise<string> {
  const sha = await fixture.repository.commit({ branch: 'of-the-fork', files });
  await fixture.repository.pushPull('of-the-fork', number);
  return sha;
}

it('are fetched from the base repository, whose branches they are not on', async () => {
  await fixture.pushed({ 'a.txt': 'main' });
  const sha = await forkCommit({ 'a.txt': 'fork' });
  await fixture.mirror().fetchCommit(fixture.request(sha, { branch: forkBranch(5), token: TOKEN }));
  expect(await fixture.fileOf(sha, 'a.txt')).toBe('fork');
});

it('get no private submodules, whatever the repository may read', async () => {
  const [, name = ''] = REPOSITORY.split('/');
  const lib = await fixture.server.createRepository('octo', 'lib', { private: true });
  const sha = await forkCommit({
    '.gitmodules': `[submodule "lib"]\n\tpath = lib\n\turl = ${lib}\n`,
    lib: { submodule: 'a'.repeat(40) },
    'a.txt': name,
  });
  const source = await fixture
    .mirror()
    .fetchCommit(fixture.request(sha, { branch: forkBranch(5), token: TOKEN }));
  expect(source.missing).toEqual([
    { path: 'lib', reason: expect.stringContaining('cannot be read') as string },
  ]);
});
