import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isolatedGit } from '../../support/git-server/isolated-git.js';
import { PROJECT, TOKEN } from './mirror-fixture.js';
import { at, SubmoduleFixture } from './submodule-fixture.js';
import { bytes } from './untar.js';

describe('submodules', () => {
  let fixture: SubmoduleFixture;

  beforeEach(async () => {
    fixture = await SubmoduleFixture.create();
  });
  afterEach(async () => {
    await fixture.remove();
  });

  it('are in the build, from relative and absolute addresses and nested', async () => {
    const deep = await fixture.other('acme/deep', { 'deep.txt': 'deep' });
    const lib = await fixture.other('octo/lib', {
      'lib.js': 'lib',
      '.gitmodules': at('vendor/deep', '../../acme/deep'),
      'vendor/deep': { submodule: deep },
      'vendor/x': 'x',
    });
    const source = await fixture.fetchedSource({
      'app.js': 'app',
      'libs/own.js': 'own',
      '.gitmodules': `${at('libs/lib', '../lib.git')}${at('deep', `${fixture.server.url}/acme/deep.git`)}`,
      'libs/lib': { submodule: lib },
      deep: { submodule: deep },
    });
    expect(source).toMatchObject({ submodules: 3, missing: [] });
    expect(await fixture.filesOf(source)).toMatchObject({
      'app.js': 'app',
      'libs/own.js': 'own',
      'libs/lib/lib.js': 'lib',
      'libs/lib/vendor/x': 'x',
      'libs/lib/vendor/deep/deep.txt': 'deep',
      'deep/deep.txt': 'deep',
    });
  });

  it('can contain the Dockerfile, the build context, other files that are read, and a .dockerignore', async () => {
    const lib = await fixture.other('octo/lib', {
      'deploy/Dockerfile': 'FROM lib',
      'nexos.yaml': 'port: 1',
      '.dockerignore': 'drop\n',
      drop: '',
      keep: 'keep',
    });
    const source = await fixture.fetchedSource({
      '.gitmodules': at('lib', '../lib.git'),
      lib: { submodule: lib },
      '.dockerignore': 'lib/deploy\n',
    });
    const { dockerfile, content } = await fixture.archive(source.sha, {
      dockerfile: 'lib/deploy/Dockerfile',
    });
    expect([dockerfile, content.toString()]).toEqual([null, 'FROM lib']);
    expect(Object.keys(await fixture.filesOf(source))).toEqual(
      expect.arrayContaining(['lib/keep', 'lib/drop']),
    );
    expect(await fixture.filesOf(source)).not.toHaveProperty(['lib/deploy/Dockerfile']);
    const inside = await fixture.filesOf(source, {
      buildContext: 'lib',
      dockerfile: 'lib/deploy/Dockerfile',
    });
    expect(Object.keys(inside).toSorted()).toEqual(
      ['.dockerignore', 'deploy/Dockerfile', 'keep', 'nexos.yaml'].toSorted(),
    );
    expect(await fixture.fileOf(source.sha, 'lib/nexos.yaml')).toBe('port: 1');
  });

  it('keep the commit of the repository that names them, not the newest', async () => {
    const first = await fixture.other('octo/lib', { 'lib.js': 'one' });
    await fixture.others[0]?.commit({ files: { 'lib.js': 'two' } });
    await fixture.others[0]?.push();
    const source = await fixture.fetchedSource({
      '.gitmodules': at('lib', '../lib'),
      lib: { submodule: first },
    });
    expect(await fixture.filesOf(source)).toMatchObject({ 'lib/lib.js': 'one' });
  });

  it('are fetched once, and the same source is always the same tar', async () => {
    const lib = await fixture.other('octo/lib', { 'lib.js': 'lib' });
    const files = { '.gitmodules': at('lib', '../lib'), lib: { submodule: lib } };
    const first = await fixture.fetchedSource(files);
    const before = fixture.server.requests.length;
    const ofLib = fixture.requestsFor('octo/lib');
    const sha = (await fixture.repository.resolve('refs/heads/main')) ?? '';
    const second = await fixture.mirror().fetchCommit(fixture.request(sha));
    expect(fixture.server.requests.length).toBe(before);
    expect(second).toEqual(first);
    const tar = async () => bytes((await fixture.archive(first.sha)).stream);
    expect((await tar()).equals(await tar())).toBe(true);
    // Nothing of the submodule is lost when git collects what nothing refers to.
    const git = join(fixture.mirrorDir, `${PROJECT}.git`);
    await isolatedGit(git, ['gc', '--quiet', '--prune=now']);
    expect(await fixture.filesOf(first)).toMatchObject({ 'lib/lib.js': 'lib' });
    const third = await fixture.fetchedSource({ ...files, 'app.js': 'new' });
    expect(await fixture.filesOf(third)).toMatchObject({ 'lib/lib.js': 'lib', 'app.js': 'new' });
    expect(fixture.requestsFor('octo/lib')).toBe(ofLib);
  });

  it('are fetched with the credentials of the repository', async () => {
    const lib = await fixture.other('octo/lib', { 'lib.js': 'lib' }, { private: true });
    const files = { '.gitmodules': at('lib', '../lib'), lib: { submodule: lib } };
    const without = await fixture.fetchedSource(files);
    expect(without.missing).toEqual([
      { path: 'lib', reason: expect.stringMatching(/octo\/lib does not exist.* public/) as string },
    ]);
    const source = await fixture.fetchedSource({ ...files, 'a.txt': '' }, { token: TOKEN });
    expect(await fixture.filesOf(source)).toMatchObject({ 'lib/lib.js': 'lib' });
  });

  it('keep unusual names', async () => {
    const lib = await fixture.other('octo/lib', { '-rf': 'a', 'größe/日本 😀.txt': 'b' });
    const names = ['größe', '-x', 'a b', 'quote\'"'];
    const source = await fixture.fetchedSource({
      '.gitmodules': names.map((name) => at(name, '../lib')).join(''),
      ...Object.fromEntries(names.map((name) => [name, { submodule: lib }])),
      '-x.txt': 'beside',
    });
    expect(source).toMatchObject({ submodules: 4, missing: [] });
    const files = await fixture.filesOf(source);
    for (const name of names) expect(files).toHaveProperty([`${name}/größe/日本 😀.txt`], 'b');
    expect(files).toMatchObject({ '-x.txt': 'beside' });
  });

  it('are found on a host that serves only the tips of branches', async () => {
    const lib = await fixture.other('octo/lib', { 'lib.js': 'lib' });
    fixture.server.simulate({ kind: 'tips-only' });
    const files = { '.gitmodules': at('lib', '../lib'), lib: { submodule: lib } };
    expect(await fixture.fetchedSource(files, { branch: 'main' })).toMatchObject({
      submodules: 1,
      missing: [],
    });
  });

  it('are fetched again after the mirror has lost objects', async () => {
    const lib = await fixture.other('octo/lib', { 'lib.js': 'lib' });
    const sha = await fixture.pushed({
      Dockerfile: 'FROM scratch',
      '.gitmodules': at('lib', '../lib'),
      lib: { submodule: lib },
    });
    const first = await fixture.mirror().fetchCommit(fixture.request(sha));
    const git = join(fixture.mirrorDir, `${PROJECT}.git`);
    const tree = await isolatedGit(git, ['rev-parse', `${lib}^{tree}`]);
    await truncate(join(git, 'objects', tree.slice(0, 2), tree.slice(2)), 0);
    expect(await fixture.mirror().fetchCommit(fixture.request(sha))).toEqual(first);
    expect(await fixture.filesOf(first)).toMatchObject({ 'lib/lib.js': 'lib' });
    expect(await readdir(join(git, 'refs', 'nexos'))).toHaveLength(2);
  });
});
