import { rm } from 'node:fs/promises';
import { forkBranch, remoteFailure } from '@nexos/domain';
import { type FetchRequest, type SubmoduleCredentials } from '@nexos/git';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestCommit } from '../../support/git-server/test-repository.js';
import { PROJECT } from './mirror-fixture.js';
import { at, SubmoduleFixture } from './submodule-fixture.js';

/** The token of the project's repository, which opens no other. */
const OWN = 'ghs_of_the_app';
const ADVICE = 'Ask the owner.';

let fixture: SubmoduleFixture;
/** Repositories that tokens were asked for. */
let asked: string[];
/** Private repositories that the build may have. */
let granted: Set<string>;
let credentials: SubmoduleCredentials;
beforeEach(async () => {
  fixture = await SubmoduleFixture.create();
  asked = [];
  granted = new Set();
  credentials = {
    advice: ADVICE,
    grant: (repository) => {
      asked.push(repository);
      return Promise.resolve(granted.has(repository) ? { repository, token: tokenOf(repository) } : null);
    },
  };
});
afterEach(() => fixture.remove());

const tokenOf = (repository: string) => `ghs_of_${repository.replace('/', '_')}`;

/** Pushes a commit to a private repository, which the build may have. */
async function privateOne(name: string, files: TestCommit['files']): Promise<string> {
  const sha = await fixture.other(name, files);
  fixture.server.protect(name, (token) => token === tokenOf(name));
  granted.add(name);
  return sha;
}

const fetched = (files: TestCommit['files'], changes: Partial<FetchRequest> = {}) =>
  fixture.fetchedSource(files, { token: OWN, credentials, ...changes });
const withLib = (sha: string, url = '../lib'): TestCommit['files'] => ({
  '.gitmodules': at('lib', url),
  lib: { submodule: sha },
});
const missing = (advice = ADVICE, repository = 'octo/lib') => [
  {
    path: 'lib',
    reason: `${repository} does not exist, has moved, or cannot be read by this project. ${advice}`,
  },
];
const PUBLIC_ONLY = 'Correct its address, or make it public.';

/** Fetches a commit that the base repository has of a fork only. */
async function fetchedFork(files: TestCommit['files']) {
  const sha = await fixture.repository.commit({ branch: 'of-the-fork', files });
  await fixture.repository.pushPull('of-the-fork', 5);
  const request = fixture.request(sha, { branch: forkBranch(5), token: OWN, credentials });
  return fixture.mirror().fetchCommit(request);
}

describe('private submodules', () => {
  it('are fetched with a token each, by relative and absolute addresses and nested', async () => {
    const deep = await privateOne('octo/deep', { 'deep.txt': 'deep' });
    const lib = await privateOne('octo/lib', {
      'lib.js': 'lib',
      '.gitmodules': at('deep', '../deep.git'),
      deep: { submodule: deep },
    });
    const source = await fetched({
      '.gitmodules': `${at('lib', '../lib.git')}${at('direct', `${fixture.server.url}/octo/deep.git`)}`,
      lib: { submodule: lib },
      direct: { submodule: deep },
    });
    expect(source).toMatchObject({ submodules: 3, missing: [] });
    expect(await fixture.filesOf(source)).toMatchObject({
      'lib/lib.js': 'lib',
      'lib/deep/deep.txt': 'deep',
      'direct/deep.txt': 'deep',
    });
    for (const { url, authorization } of fixture.server.requests) {
      const [, , base64 = ''] = /^(Basic) (.*)$/.exec(authorization ?? '') ?? [];
      const token = Buffer.from(base64, 'base64').toString().replace('x-access-token:', '');
      expect(['', OWN, tokenOf(url.slice(1).split('.git/')[0] ?? '')]).toContain(token);
    }
  });

  it('are the only ones that a token is asked for', async () => {
    const lib = await fixture.other('octo/lib', { 'lib.js': 'lib' });
    expect(await fetched(withLib(lib))).toMatchObject({ submodules: 1, missing: [] });
    expect(asked).toEqual([]);
  });

  it('are missing if the build may not have them, with the same words as one that does not exist', async () => {
    const lib = await privateOne('octo/lib', { 'lib.js': 'lib' });
    granted.clear();
    expect((await fetched(withLib(lib))).missing).toEqual(missing());
    expect((await fetched(withLib(lib, '../gone'))).missing).toEqual(missing(ADVICE, 'octo/gone'));
    expect((await fetched(withLib(lib), { credentials: undefined })).missing).toEqual(missing(PUBLIC_ONLY));
  });

  it('are fetched under the name that they have now', async () => {
    const lib = await privateOne('octo/renamed', { 'lib.js': 'lib' });
    fixture.server.protect('octo/lib', () => false);
    credentials = {
      advice: ADVICE,
      grant: () => Promise.resolve({ repository: 'octo/renamed', token: tokenOf('octo/renamed') }),
    };
    expect(await fetched(withLib(lib))).toMatchObject({ submodules: 1, missing: [] });
  });

  it('are not fetched again, but asked about again', async () => {
    const lib = await privateOne('octo/lib', { 'lib.js': 'lib' });
    await fetched(withLib(lib));
    const before = fixture.requestsFor('octo/lib');
    expect(await fetched({ ...withLib(lib), 'a.txt': 'more' })).toMatchObject({ submodules: 1, missing: [] });
    expect(fixture.requestsFor('octo/lib')).toBe(before);
    expect(asked).toEqual(['octo/lib', 'octo/lib']);
  });

  it('are missing once the build may no longer have them, although the mirror does', async () => {
    const lib = await privateOne('octo/lib', { 'lib.js': 'lib' });
    await fetched(withLib(lib));
    granted.clear();
    expect((await fetched({ ...withLib(lib), 'a.txt': 'more' })).missing).toEqual(missing());
    await fixture.other('octo/public', { 'other.txt': 'x' });
    expect((await fetched(withLib(lib, '../public'))).missing).toEqual([
      { path: 'lib', reason: `octo/public does not have the commit ${lib.slice(0, 12)}` },
    ]);
  });

  it('do not pass through a public repository on a host that serves only the tips of branches', async () => {
    const lib = await privateOne('octo/lib', { 'lib.js': 'lib' });
    await fetched(withLib(lib));
    await fixture.other('octo/public', { 'other.txt': 'x' });
    fixture.server.simulate({ kind: 'tips-only' });
    const source = await fetched(withLib(lib, '../public'), { branch: 'main' });
    expect(source.missing).toEqual([
      { path: 'lib', reason: `octo/public does not have the commit ${lib.slice(0, 12)}` },
    ]);
  });

  it('are not in builds of forks, although the mirror has them for the project', async () => {
    const lib = await privateOne('octo/lib', { 'lib.js': 'lib' });
    await fetched(withLib(lib));
    asked = [];
    expect((await fetchedFork(withLib(lib))).missing).toEqual(missing(PUBLIC_ONLY));
    await fixture.other('octo/public', { 'other.txt': 'x' });
    expect((await fetchedFork(withLib(lib, '../public'))).missing).toEqual([
      { path: 'lib', reason: `octo/public does not have the commit ${lib.slice(0, 12)}` },
    ]);
    expect(asked).toEqual([]);
  });

  it('leave the public ones to builds of forks', async () => {
    const lib = await fixture.other('octo/lib', { 'lib.js': 'lib' });
    await fetched(withLib(lib));
    expect(await fetchedFork(withLib(lib))).toMatchObject({ submodules: 1, missing: [] });
  });

  it('fail the fetch while nobody can say whether the build may have them', async () => {
    const lib = await privateOne('octo/lib', { 'lib.js': 'lib' });
    const down: SubmoduleCredentials = {
      advice: ADVICE,
      grant: (repository) => Promise.reject(remoteFailure('repository_unreachable', repository)),
    };
    await expect(fetched(withLib(lib), { credentials: down })).rejects.toMatchObject({
      code: 'repository_unreachable',
      message: expect.stringContaining('octo/lib') as string,
    });
    expect(await fetched({ ...withLib(lib), 'a.txt': 'more' })).toMatchObject({ submodules: 1 });
  });

  it('are found in a mirror that was made before it was known where its commits come from', async () => {
    const lib = await privateOne('octo/lib', { 'lib.js': 'lib' });
    const source = await fetched(withLib(lib));
    await rm(`${fixture.mirrorDir}/${PROJECT}.git/nexos-submodules`);
    const sha = (await fixture.repository.resolve('refs/heads/main')) ?? '';
    expect(await fixture.mirror().fetchCommit(fixture.request(sha, { token: OWN, credentials }))).toEqual(
      source,
    );
  });
});
