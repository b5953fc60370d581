import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isolatedGit } from '../../support/git-server/isolated-git.js';
import { type TestCommit } from '../../support/git-server/test-repository.js';
import { ABSENT, MirrorFixture, PROJECT, TOKEN } from './mirror-fixture.js';
import { at, SubmoduleFixture } from './submodule-fixture.js';
import { untar } from './untar.js';

describe('missing submodules', () => {
  let fixture: SubmoduleFixture;

  beforeEach(async () => {
    fixture = await SubmoduleFixture.create();
  });
  afterEach(async () => {
    await fixture.remove();
  });

  /** Returns why the submodule at `lib` is missing. */
  async function reasonFor(url: string): Promise<string | undefined> {
    const files = { '.gitmodules': at('lib', url), lib: { submodule: ABSENT } };
    const { missing, submodules } = await fixture.fetchedSource(files);
    expect(submodules).toBe(0);
    expect(missing).toMatchObject([{ path: 'lib' }]);
    return missing[0]?.reason;
  }

  it('of another host get neither a request nor the credentials', async () => {
    const foreign = await MirrorFixture.create();
    try {
      const url = `${foreign.server.url}/octo/app.git`;
      const source = await fixture.fetchedSource(
        { '.gitmodules': at('lib', url), lib: { submodule: ABSENT } },
        { token: TOKEN },
      );
      expect(source.missing).toEqual([
        {
          path: 'lib',
          reason: `it is on another host, ${new URL(url).host}; submodules are fetched only from ${new URL(fixture.server.url).host}`,
        },
      ]);
      expect(foreign.server.requests).toEqual([]);
    } finally {
      await foreign.remove();
    }
  });

  it('end at a cycle', async () => {
    const lib = await fixture.other('octo/lib', {
      'lib.js': 'lib',
      '.gitmodules': at('app', '../App.git'),
      app: { submodule: ABSENT },
    });
    const source = await fixture.fetchedSource({
      '.gitmodules': at('lib', '../lib'),
      lib: { submodule: lib },
    });
    expect(source.missing).toEqual([{ path: 'lib/app', reason: 'it is a cycle: octo/App contains it' }]);
    expect(await fixture.filesOf(source)).toMatchObject({ 'lib/lib.js': 'lib' });
  });

  it('end at the fifth level', async () => {
    let sha = await fixture.other('octo/level6', { file: '6' });
    for (let level = 5; level >= 1; level -= 1) {
      const files = { '.gitmodules': at('next', `../level${level + 1}`), next: { submodule: sha } };
      sha = await fixture.other(`octo/level${level}`, { file: String(level), ...files });
    }
    const source = await fixture.fetchedSource({
      '.gitmodules': at('next', '../level1'),
      next: { submodule: sha },
    });
    expect(source.missing).toEqual([
      { path: 'next/next/next/next/next/next', reason: 'it is nested deeper than 5 levels' },
    ]);
    expect(await fixture.filesOf(source)).toMatchObject({ 'next/next/next/next/next/file': '5' });
  });

  it('are at most 50', async () => {
    const lib = await fixture.other('octo/lib', { 'lib.js': 'lib' });
    const paths = Array.from({ length: 53 }, (_, index) => `lib${index}`);
    const { submodules, missing } = await fixture.fetchedSource({
      '.gitmodules': paths.map((path) => at(path, '../lib')).join(''),
      ...Object.fromEntries(paths.map((path) => [path, { submodule: lib }])),
    });
    expect(submodules).toBe(50);
    expect(missing.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 3 }, () => 'only the first 50 submodules of a commit are fetched'),
    );
  });

  it('that cannot be fetched are empty folders, each with its reason', async () => {
    await fixture.other('octo/lib', { 'lib.js': 'lib' });
    expect(await reasonFor('../lib')).toBe(`octo/lib does not have the commit ${ABSENT.slice(0, 12)}`);
    expect(await reasonFor('../gone')).toMatch(/octo\/gone does not exist/);
    expect(await reasonFor(`file://${fixture.folder}/host/octo/lib.git`)).toMatch(/file:\/\//);
    expect(await reasonFor('-u./payload')).toMatch(/not a URL/);
    const sha = await fixture.pushed({ '.gitmodules': at('lib', '../lib') });
    const { stream } = await fixture.archive((await fixture.mirror().fetchCommit(fixture.request(sha))).sha);
    expect((await untar(stream)).get('lib/')).toMatchObject({ type: 'directory' });
  });

  it.each<[string, TestCommit['files'], RegExp]>([
    ['has no .gitmodules', {}, /has no address/],
    ['has no entry for the path', { '.gitmodules': at('other', '../lib') }, /has no address/],
    [
      'has two addresses for the path',
      { '.gitmodules': `${at('lib', '../a')}[submodule "b"]\npath = lib\nurl = ../b\n` },
      /several/,
    ],
    ['has a malformed .gitmodules', { '.gitmodules': '[submodule' }, /malformed, too large or not a regular/],
    ['has an endless .gitmodules', { '.gitmodules': '#\n'.repeat(200_000) }, /malformed, too large/],
    [
      'has a link as .gitmodules',
      { '.gitmodules': { link: 'real' }, real: at('lib', '../lib') },
      /not a regular/,
    ],
  ])('are reported when the repository %s', async (_, files, reason) => {
    await fixture.other('octo/lib', { 'lib.js': 'lib' });
    const { missing, submodules } = await fixture.fetchedSource({ ...files, lib: { submodule: ABSENT } });
    expect(submodules).toBe(0);
    expect(missing).toEqual([{ path: 'lib', reason: expect.stringMatching(reason) as string }]);
  });

  it('ignores entries of .gitmodules that the commit has no submodule for', async () => {
    const text = ['../outside', '/etc', '.git', '.git/modules/x', 'app.js', '$(id)'].map((path) =>
      at(path, '../lib'),
    );
    const source = await fixture.fetchedSource({ '.gitmodules': text.join(''), 'app.js': 'app' });
    expect(source).toMatchObject({ submodules: 0, missing: [] });
    expect(await fixture.filesOf(source)).toMatchObject({ 'app.js': 'app' });
  });

  it('fail the fetch while the host is away, and are found afterwards', async () => {
    const lib = await fixture.other('octo/lib', { 'lib.js': 'lib' });
    const files = { '.gitmodules': at('lib', '../lib'), lib: { submodule: lib } };
    const sha = await fixture.pushed({ Dockerfile: 'FROM scratch', 'app.js': 'app' });
    await fixture.mirror().fetchCommit(fixture.request(sha));
    const next = await fixture.pushed(files);
    await isolatedGit(join(fixture.mirrorDir, `${PROJECT}.git`), [
      'fetch',
      '--quiet',
      `${fixture.server.url}/octo/app.git`,
      next,
    ]);
    fixture.server.simulate({ kind: 'status', status: 503 });
    await expect(fixture.mirror().fetchCommit(fixture.request(next))).rejects.toMatchObject({
      code: 'repository_unreachable',
      message: expect.stringContaining('octo/lib') as string,
    });
    fixture.server.simulate(null);
    expect(await fixture.mirror().fetchCommit(fixture.request(next))).toMatchObject({ submodules: 1 });
  });
});
