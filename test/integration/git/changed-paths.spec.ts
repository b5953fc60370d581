import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestCommit } from '../../support/git-server/test-repository.js';
import { ABSENT, MirrorFixture, PROJECT } from './mirror-fixture.js';

let fixture: MirrorFixture;
beforeAll(async () => {
  fixture = await MirrorFixture.create();
});
afterAll(() => fixture.remove());

const between = (from: string, to: string, signal = new AbortController().signal) =>
  fixture.mirror().changedPaths({ projectId: PROJECT, from, to, signal });

/** Returns what changes when a commit with these files follows one with those. */
async function changed(before: TestCommit['files'], after: TestCommit['files']) {
  return between(await fixture.fetched(before), await fixture.fetched(after));
}

describe('the paths that differ between two commits', () => {
  it('has added, changed and removed files, and files whose mode changed', async () => {
    const before = { 'a/1': 'a', 'a/2': 'b', 'a/3': 'c', 'a/4': 'd' };
    const after = { 'a/1': 'b', 'a/2': null, 'a/3': { executable: 'c' }, 'a/5': '' };
    expect((await changed(before, after))?.toSorted()).toEqual(['a/1', 'a/2', 'a/3', 'a/5']);
  });

  it('has both paths of a renamed file', async () => {
    const text = 'the same long text\n'.repeat(100);
    expect(await changed({ 'r/old': text }, { 'r/old': null, 'r/new': text })).toEqual(['r/new', 'r/old']);
  });

  it('has names with any characters as they are', async () => {
    const names = ['n/-x', 'n/"a" b', 'n/ä😀', 'n/a\tb', 'n/*', 'n/:(top)x', 'n/a\nb'];
    const files = Object.fromEntries(names.map((name) => [name, 'x']));
    expect((await changed({ 'n/first': '' }, files))?.toSorted()).toEqual(names.toSorted());
  });

  it('is empty for the same tree', async () => {
    expect(await changed({ s: '1' }, {})).toEqual([]);
  });

  it('is known for commits of branches without a common history', async () => {
    const one = await fixture.fetched({ u: '1' });
    const other = await fixture.pushed({ v: '2' }, 'orphan');
    await fixture.mirror().fetchCommit(fixture.request(other, { branch: 'orphan' }));
    expect(await between(one, other)).toEqual(expect.arrayContaining(['u', 'v']));
  });

  it.each<[string, TestCommit['files'], TestCommit['files']]>([
    ['a name is not UTF-8', {}, { 'x/\udce9': '' }],
    ['a submodule changed', { sub: { submodule: 'a'.repeat(40) } }, { sub: { submodule: 'b'.repeat(40) } }],
    ['a submodule became a file', { sub2: { submodule: 'a'.repeat(40) } }, { sub2: 'file' }],
    [
      'too much changed',
      {},
      Object.fromEntries(Array.from({ length: 6_000 }, (_, at) => [`many/${'x'.repeat(100)}${at}`, ''])),
    ],
  ])('is unknown when %s', async (_, before, after) => {
    expect(await changed({ first: '', ...before }, { second: '', ...after })).toBeNull();
  });

  it('is unknown when the mirror lacks a commit, or does not exist', async () => {
    const sha = await fixture.fetched({ m: '1' });
    expect(await between(ABSENT, sha)).toBeNull();
    expect(await between(sha, ABSENT)).toBeNull();
    const next = await fixture.fetched({ m: '2' });
    await rm(join(fixture.mirrorDir, `${PROJECT}.git`, 'refs', 'nexos', sha));
    expect(await between(sha, next)).toEqual(['m']);
  });

  it('ends with the reason of the signal', async () => {
    const sha = await fixture.fetched({ g: '1' });
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(between(sha, sha, stopped)).rejects.toThrow('stopped');
  });
});
