import { describe, expect, it } from 'vitest';
import { locateSubmodule } from './locate-submodule.js';

const HOST = 'https://git.example';
const superproject = { sha: 'a'.repeat(40), repository: 'octo/app', prefix: '', lineage: ['octo/app'] };
const entry = (...urls: string[]) => ({ urls: new Set(urls), branch: null });
const locate = (path: string, url = '../lib', lineage = superproject.lineage) =>
  locateSubmodule(HOST, { ...superproject, lineage }, path, new Map([[path, entry(url)]]));

describe('locateSubmodule', () => {
  it('returns the repository, and the branch if git could have it', () => {
    expect(locate('lib')).toEqual({ repository: 'octo/lib', branch: null });
    for (const [branch, expected] of [
      ['dev', 'dev'],
      ['--upload-pack=x y', null],
      ['.', null],
    ]) {
      const entries = new Map([['lib', { ...entry('../lib'), branch: branch ?? null }]]);
      expect(locateSubmodule(HOST, superproject, 'lib', entries)).toMatchObject({ branch: expected });
    }
  });

  it.each(['.git', 'a/.GIT', '.git/modules', '../lib', 'a/../b', './lib', '/lib', 'a//b', ''])(
    'rejects the path %j',
    (path) => {
      expect(locate(path)).toEqual({ problem: 'its path is not allowed' });
    },
  );

  it('ends at a cycle, whatever the case of its letters, and at the fifth level', () => {
    expect(locate('lib', '../App.git')).toEqual({ problem: 'it is a cycle: octo/App contains it' });
    expect(locate('lib', '../lib', ['a/1', 'a/2', 'a/3', 'a/4', 'a/5'])).toHaveProperty('repository');
    expect(locate('lib', '../lib', ['a/1', 'a/2', 'a/3', 'a/4', 'a/5', 'a/6'])).toEqual({
      problem: 'it is nested deeper than 5 levels',
    });
  });
});
