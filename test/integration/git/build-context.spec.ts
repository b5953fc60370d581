import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ABSENT, MirrorFixture, processes } from './mirror-fixture.js';
import { bytes, untar } from './untar.js';
import { PROMPT_MS } from '../../support/eventually.js';

describe('RepositoryMirror.archive', () => {
  let fixture: MirrorFixture;

  beforeEach(async () => {
    fixture = await MirrorFixture.create();
  });
  afterEach(async () => {
    await fixture.remove();
  });

  const contextOf: MirrorFixture['contextOf'] = (...args) => fixture.contextOf(...args);

  it('contains the whole commit with modes, symlinks and empty submodules, and nothing else', async () => {
    const { dockerfile, entries } = await contextOf({
      Dockerfile: 'FROM scratch',
      'src/app.js': 'app',
      'bin/run': { executable: '#!/bin/sh' },
      link: { link: '../../etc/passwd' },
      'vendor/lib': { submodule: ABSENT },
      empty: '',
    });
    expect(dockerfile).toBe('Dockerfile');
    expect([...entries.keys()].toSorted()).toEqual(
      [
        'Dockerfile',
        'bin/',
        'bin/run',
        'empty',
        'link',
        'src/',
        'src/app.js',
        'vendor/',
        'vendor/lib/',
      ].toSorted(),
    );
    expect(entries.get('src/app.js')).toMatchObject({ type: 'file', mode: 0o644, text: 'app' });
    expect(entries.get('bin/run')).toMatchObject({ type: 'file', mode: 0o755 });
    expect(entries.get('link')).toMatchObject({ type: 'symlink', linkname: '../../etc/passwd' });
    expect(entries.get('vendor/lib/')).toMatchObject({ type: 'directory' });
    expect(entries.get('empty')).toMatchObject({ type: 'file', text: '' });
  });

  it('produces the same bytes every time', async () => {
    const sha = await fixture.fetched({ Dockerfile: 'FROM scratch', 'größe.txt': 'a' });
    const [first, second] = [
      await bytes((await fixture.archive(sha)).stream),
      await bytes((await fixture.archive(sha)).stream),
    ];
    expect(first.equals(second)).toBe(true);
  });

  it('applies .dockerignore, including its negated patterns', async () => {
    const { entries } = await contextOf({
      Dockerfile: 'FROM scratch',
      '.dockerignore': '*\n!docs/keep.md\n!src\nsrc/*.test.js\n',
      'docs/keep.md': 'keep',
      'docs/drop.md': 'drop',
      'src/app.js': 'app',
      'src/app.test.js': 'test',
      '.env': 'SECRET=1',
    });
    expect([...entries.keys()].toSorted()).toEqual(
      ['docs/', 'docs/keep.md', 'src/', 'src/app.js'].toSorted(),
    );
  });

  it("prefers the Dockerfile's own .dockerignore", async () => {
    const { entries } = await contextOf(
      {
        'web.Dockerfile': 'FROM scratch',
        'web.Dockerfile.dockerignore': 'drop\n',
        '.dockerignore': 'keep\n',
        keep: '',
        drop: '',
      },
      { dockerfile: 'web.Dockerfile' },
    );
    expect(entries.has('keep')).toBe(true);
    expect(entries.has('drop')).toBe(false);
  });

  it('ignores the size of a .dockerignore that does not apply', async () => {
    const where = { dockerfile: 'web.Dockerfile' };
    const limits = { contextLimit: 8 * 1024 * 1024 };
    const huge = '# nothing\n'.repeat(2 ** 17);
    const files = { 'web.Dockerfile': 'FROM scratch', keep: 'a', drop: 'b', '.dockerignore': huge };
    await expect(contextOf(files, where, limits)).rejects.toMatchObject({
      code: 'dockerfile_invalid',
    });
    const own = { ...files, 'web.Dockerfile.dockerignore': 'drop\n' };
    const { entries } = await contextOf(own, where, limits);
    expect([...entries.keys()]).toContain('keep');
    expect([...entries.keys()]).not.toContain('drop');
  });

  it('skips a .dockerignore symlink and rejects a Dockerfile symlink that leads to no file of the commit', async () => {
    const odd = { link: `../a\0${'b'.repeat(60)}` };
    const files = { keep: 'a', drop: 'b', 'Dockerfile.dockerignore': odd, '.dockerignore': 'drop\n' };
    const { entries } = await contextOf({ ...files, Dockerfile: 'FROM scratch' });
    expect(entries.has('keep')).toBe(true);
    expect(entries.has('drop')).toBe(false);
    for (const link of [
      odd,
      { link: '/etc/passwd' },
      { link: 'Dockerfile' },
      { link: 'gone' },
      { link: 'keep/x' },
    ]) {
      await expect(contextOf({ ...files, Dockerfile: link })).rejects.toMatchObject({
        code: 'dockerfile_missing',
      });
    }
  });

  it('dates files by their commit, even when its author has an unusual name', async () => {
    const date = new Date('2026-01-02T03:04:05Z');
    const author = { name: 'committer \u2028 1 +0000', email: 'a@example.com' };
    await fixture.repository.commit({ files: { Dockerfile: 'FROM scratch' }, date, author });
    await fixture.repository.push();
    const sha = (await fixture.repository.resolve('refs/heads/main')) ?? '';
    await fixture.mirror().fetchCommit(fixture.request(sha));
    const { stream } = await fixture.archive(sha);
    expect((await untar(stream)).get('Dockerfile')?.modified).toEqual(date);
  });

  it('applies the .dockerignore of a context below the root, relative to that context', async () => {
    const { dockerfile, entries } = await contextOf(
      {
        '.dockerignore': 'app.js\n',
        'apps/web/.dockerignore': 'drop\n',
        'apps/web/Dockerfile': 'FROM scratch',
        'apps/web/app.js': 'app',
        'apps/web/drop': '',
        'apps/api/app.js': 'another',
      },
      { buildContext: './apps/web/', dockerfile: 'apps/web/Dockerfile' },
    );
    expect(dockerfile).toBe('Dockerfile');
    expect([...entries.keys()].toSorted()).toEqual(['.dockerignore', 'Dockerfile', 'app.js']);
  });

  it('keeps the files that export-ignore and export-subst would drop or change', async () => {
    const { entries } = await contextOf({
      Dockerfile: 'FROM scratch',
      '.gitattributes': 'tests export-ignore\n*.txt export-ignore\nversion export-subst\n',
      'sub/.gitattributes': '* export-ignore\n',
      'sub/file': 'sub',
      'tests/a.js': 'test',
      'notes.txt': 'notes',
      version: '$Format:%H$',
    });
    for (const path of ['tests/a.js', 'notes.txt', 'sub/file']) expect([...entries.keys()]).toContain(path);
    expect(entries.get('version')?.text).toBe('$Format:%H$');
  });

  it('sends exactly the Dockerfile that was inspected, whatever its attributes', async () => {
    const Dockerfile = 'FROM scratch\nLABEL id="$Id$"\n';
    const attributes = 'Dockerfile ident text eol=crlf working-tree-encoding=UTF-16LE\n';
    const sha = await fixture.fetched({ Dockerfile, '.gitattributes': attributes });
    const inspected: string[] = [];
    const inspect = (text: string) => void inspected.push(text);
    const { stream, dockerfile } = await fixture.archive(sha, { inspect });
    expect((await untar(stream)).get(dockerfile ?? '')?.text).toBe(Dockerfile);
    expect(inspected).toEqual([Dockerfile]);
  });

  it('opens no stream when the inspection of the Dockerfile fails', async () => {
    const sha = await fixture.fetched({ Dockerfile: 'FROM scratch\n' });
    const failure = new Error('rejected');
    const inspect = () => {
      throw failure;
    };
    await expect(fixture.archive(sha, { inspect })).rejects.toBe(failure);
  });

  it('keeps long and unusual file names', async () => {
    const long = `${'deep/'.repeat(40)}${'n'.repeat(200)}.js`;
    const names = [
      long,
      'größe/日本 😀.txt',
      '-rf',
      'a:b',
      'tab\there',
      'quote\'"',
      ' space ',
      'constructor/x',
    ];
    const files = Object.fromEntries(names.map((name) => [name, name]));
    const target = `${'x/'.repeat(80)}ü`;
    const { entries } = await contextOf({ Dockerfile: 'FROM scratch', ...files, link: { link: target } });
    for (const name of names) expect(entries.get(name)?.text).toBe(name);
    expect(entries.get('link')?.linkname).toBe(target);
  });

  it('delivers the whole archive when git exits before it is read', async () => {
    const sha = await fixture.fetched({ Dockerfile: 'FROM scratch', 'a.txt': 'text' });
    const { stream } = await fixture.archive(sha);
    const isOurs = (line: string): boolean => line.includes(`archive --format=tar ${sha}:`);
    await vi.waitFor(async () => expect(await processes(isOurs)).toEqual(new Map()), { timeout: PROMPT_MS });
    expect((await untar(stream)).get('a.txt')?.text).toBe('text');
  });

  it.each([
    ['context_not_found', { buildContext: 'gone' }],
    ['context_not_found', { buildContext: 'file' }],
    ['context_not_found', { buildContext: '../..' }],
    ['context_not_found', { buildContext: '/etc' }],
    ['dockerfile_missing', { dockerfile: 'gone' }],
    ['dockerfile_missing', { dockerfile: 'folder' }],
    ['dockerfile_missing', { dockerfile: '../Dockerfile' }],
    ['dockerfile_missing', { dockerfile: 'out' }],
  ])('fails with %s before it sends anything for %j', async (code, where) => {
    const sha = await fixture.fetched({
      Dockerfile: 'FROM scratch',
      file: '',
      'folder/a': '',
      out: { link: '../../etc/passwd' },
    });
    await expect(fixture.archive(sha, where)).rejects.toMatchObject({ name: 'DeploymentFailure', code });
  });

  it('fails with commit_not_found when the mirror does not have the commit', async () => {
    await fixture.fetched({ Dockerfile: 'FROM scratch' });
    await expect(fixture.archive(ABSENT)).rejects.toMatchObject({ code: 'commit_not_found' });
  });

  it('rejects a context that is too large, counting only the files that are sent', async () => {
    const files = { Dockerfile: 'FROM scratch', 'big/a.bin': randomBytes(1024 * 1024) };
    const big = await fixture.fetched(files);
    await expect(fixture.archive(big)).rejects.toMatchObject({ code: 'context_too_large' });
    const { entries } = await contextOf({ ...files, '.dockerignore': 'big\n' });
    expect([...entries.keys()].toSorted()).toEqual(['.dockerignore', 'Dockerfile']);
  });

  it('aborts when git attributes expand the files beyond the limit', async () => {
    const sha = await fixture.fetched({
      Dockerfile: 'FROM scratch',
      '.gitattributes': '*.txt text eol=crlf\n',
      'a.txt': '\n'.repeat(700_000),
    });
    const { stream } = await fixture.archive(sha);
    await expect(bytes(stream)).rejects.toMatchObject({ code: 'context_too_large' });
  });
});
