import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCommit } from '../../support/git-server/test-repository.js';
import { MirrorFixture } from './mirror-fixture.js';

describe('RepositoryMirror.archive, as docker build', () => {
  let fixture: MirrorFixture;
  const contextOf: MirrorFixture['contextOf'] = (...args) => fixture.contextOf(...args);

  beforeEach(async () => {
    fixture = await MirrorFixture.create();
  });
  afterEach(async () => {
    await fixture.remove();
  });

  it('leaves out what .dockerignore lists, even itself and the Dockerfile', async () => {
    const { dockerfile, content, entries } = await contextOf({
      Dockerfile: 'FROM ignored',
      '.dockerignore': '.dockerignore\nDockerfile*\n',
      'Dockerfile.dev': 'FROM scratch',
      'app.js': 'app',
    });
    expect(dockerfile).toBeNull();
    expect(content.toString()).toBe('FROM ignored');
    expect([...entries.keys()]).toEqual(['app.js']);
  });

  it('has no Dockerfile from outside the context', async () => {
    const { dockerfile, content, entries } = await contextOf(
      {
        'docker/web.Dockerfile': 'FROM outside',
        'web/app.js': 'app',
        'web/Dockerfile': 'FROM inside',
      },
      { buildContext: 'web', dockerfile: 'docker/web.Dockerfile' },
    );
    expect(dockerfile).toBeNull();
    expect(content.toString()).toBe('FROM outside');
    expect([...entries.keys()].toSorted()).toEqual(['Dockerfile', 'app.js']);
  });

  it('follows a Dockerfile that is a symlink', async () => {
    const { dockerfile, content, entries } = await contextOf({
      Dockerfile: { link: 'docker/Dockerfile' },
      'docker/Dockerfile': 'FROM target',
      '.dockerignore': 'docker\n',
    });
    expect(dockerfile).toBeNull();
    expect(content.toString()).toBe('FROM target');
    expect(entries.get('Dockerfile')).toMatchObject({ type: 'symlink', linkname: 'docker/Dockerfile' });
  });

  it.each<[string, TestCommit['files'], RegExp]>([
    ['a file', { 'src/caf\udce9.txt': '' }, /name of the file "src\/caf\\xE9\.txt" is not UTF-8/],
    ['a folder', { '\udcff/a': '' }, /"\\xFF" is not UTF-8/],
  ])('names %s whose name is not UTF-8, unless it is ignored', async (_, files, words) => {
    const Dockerfile = 'FROM scratch';
    await expect(contextOf({ Dockerfile, ...files })).rejects.toMatchObject({
      code: 'file_name_invalid',
      message: expect.stringMatching(words) as string,
    });
    const ignored = { '.dockerignore': '**/caf*\n*xFF\n' };
    expect((await contextOf({ Dockerfile, ...files, ...ignored })).entries.has('Dockerfile')).toBe(true);
  });

  it('names a symlink whose target is not UTF-8', async () => {
    const link = { link: Buffer.from('caf\xe9', 'latin1') };
    await expect(contextOf({ Dockerfile: 'FROM scratch', link })).rejects.toMatchObject({
      code: 'file_name_invalid',
      message: expect.stringContaining('The target of the symbolic link "link"') as string,
    });
  });

  it('says what a commit without a Dockerfile has, and where to begin', async () => {
    const message = expect.stringMatching(
      /Found package\.json: docs\/guides\/dockerfiles\.md#nodejs-with-npm/,
    ) as string;
    await expect(contextOf({ 'package.json': '{}', 'server.js': '' })).rejects.toMatchObject({
      code: 'dockerfile_missing',
      message,
    });
  });
});
