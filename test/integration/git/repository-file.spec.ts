import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MirrorFixture, PROJECT } from './mirror-fixture.js';

describe('RepositoryMirror', () => {
  let fixture: MirrorFixture;

  beforeEach(async () => {
    fixture = await MirrorFixture.create();
  });
  afterEach(async () => {
    await fixture.remove();
  });

  it('reads a file of a commit, finds none at unknown paths, and rejects paths outside the repository', async () => {
    const sha = await fixture.fetched({
      'größe.txt': 'text\n',
      link: { link: 'größe.txt' },
      out: { link: '/etc/passwd' },
      'big.bin': randomBytes(2000),
    });
    expect(await fixture.fileOf(sha, 'größe.txt')).toBe('text\n');
    expect(await fixture.fileOf(sha, 'link')).toBe('text\n');
    for (const path of ['gone', 'out', '']) expect(await fixture.fileOf(sha, path)).toBeUndefined();
    for (const path of ['../HEAD', '/etc/passwd', 'a\nb']) {
      await expect(fixture.fileOf(sha, path)).rejects.toThrow('stay inside');
    }
    await expect(fixture.fileOf(sha, 'big.bin')).rejects.toThrow('more than 1000 bytes');
    await expect(fixture.fileOf('f'.repeat(40), 'größe.txt')).resolves.toBeUndefined();
  });

  it('describes the entries at given paths without following symlinks', async () => {
    const sha = await fixture.fetched({
      'größe.txt': 'text\n',
      link: { link: 'größe.txt' },
      'a/b/c.sql': 'SELECT 1',
      ':(top)odd': 'a',
      '-z': 'ab',
      '*': 'abc',
    });
    const entries = (...paths: string[]) => fixture.mirror().entriesAt({ projectId: PROJECT, sha, paths });
    const entry = async (path: string) => (await entries(path))[0];
    const file = { kind: 'file', isUtf8: true };
    expect(await entry('größe.txt')).toMatchObject({ ...file, path: 'größe.txt', size: 5 });
    expect(await entry('./a//b/c.sql')).toMatchObject({ ...file, path: 'a/b/c.sql', size: 8 });
    expect(await entry(':(top)odd')).toMatchObject({ kind: 'file', size: 1 });
    expect(await entry('-z')).toMatchObject({ kind: 'file', size: 2 });
    expect(await entry('*')).toMatchObject({ kind: 'file', size: 3 });
    expect(await entry('link')).toMatchObject({ kind: 'link' });
    for (const path of ['a', 'a/b', '.']) expect(await entry(path)).toMatchObject({ kind: 'folder' });
    for (const path of ['gone', 'größe.txt/a', 'link/a', 'g*']) expect(await entry(path)).toBeNull();
    for (const path of ['../HEAD', '/etc/passwd', 'a\nb'])
      await expect(entry(path)).rejects.toThrow('stay inside');
    expect(await entries('-z', 'gone', '*', '.', 'a/b/c.sql')).toMatchObject([
      { path: '-z', kind: 'file' },
      null,
      { path: '*', kind: 'file' },
      { path: '', kind: 'folder' },
      { path: 'a/b/c.sql', kind: 'file' },
    ]);
    expect(await entries('a', 'a/b/c.sql', 'a/b')).toMatchObject([
      { path: 'a', kind: 'folder' },
      { path: 'a/b/c.sql', kind: 'file' },
      { path: 'a/b', kind: 'folder' },
    ]);
    expect(await entries()).toEqual([]);
  });
});
