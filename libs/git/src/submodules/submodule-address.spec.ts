import { describe, expect, it } from 'vitest';
import { resolveSubmodule } from './submodule-address.js';

const HOST = 'https://git.example';
const resolve = (address: string, host = HOST) => resolveSubmodule(host, 'octo/app', address);

describe('resolveSubmodule', () => {
  it.each([
    ['../lib.git', 'octo/lib'],
    ['../lib', 'octo/lib'],
    ['../lib/', 'octo/lib'],
    ['.././/lib.git', 'octo/lib'],
    ['../../acme/lib.git', 'acme/lib'],
    ['https://git.example/acme/lib.git', 'acme/lib'],
    ['https://git.example/acme/lib', 'acme/lib'],
    ['HTTPS://GIT.example:443/acme/lib/', 'acme/lib'],
    ['http://git.example/acme/lib', 'acme/lib'],
    ['https://user:secret@git.example/acme/lib.git', 'acme/lib'],
    ['https://git.example/x/../acme/lib.git', 'acme/lib'],
    ['git@git.example:acme/lib.git', 'acme/lib'],
    ['git.example:/acme/lib.git', 'acme/lib'],
    ['ssh://git@git.example/acme/lib.git', 'acme/lib'],
    ['ssh://git@GIT.example:2222/acme/lib', 'acme/lib'],
    ['../lib.git.git', 'octo/lib.git'],
  ])('resolves %j to %s', (address, repository) => {
    expect(resolve(address)).toEqual({ repository });
  });

  it.each([
    ['', /not a URL/],
    ['-u./payload', /not a URL/],
    ['--upload-pack=touch /tmp/x', /not a URL/],
    ['../lib\n.git', /not a URL/],
    ['x'.repeat(3000), /not a URL/],
    ['https://', /not a URL/],
    ['https://git.example:99999/a/b', /not a URL/],
    ['/srv/git/lib.git', /a path, not a URL/],
    ['lib', /a path, not a URL/],
    ['ext::sh -c id', /a path, not a URL/],
    ['file:///srv/git/lib.git', /file:\/\/, which is not fetched/],
    ['FILE://git.example/acme/lib', /FILE:\/\/, which/],
    ['git://git.example/acme/lib', /git:\/\/, which/],
    ['https://other.example/acme/lib.git', /another host, other\.example;.* only from git\.example/],
    ['https://git.example.evil.example/acme/lib', /another host, git\.example\.evil/],
    ['https://git.example@evil.example/acme/lib', /another host, evil\.example/],
    ['https://git.example:8443/acme/lib', /another host, git\.example:8443/],
    ['http://git.example:8080/acme/lib', /another host/],
    ['git@other.example:acme/lib.git', /another host, other\.example/],
    ['ssh://git@other.example/acme/lib', /another host/],
    ['../../../acme/lib', /leaves git\.example/],
    ['../../../../../etc/passwd', /leaves git\.example/],
    ['./lib', /not a repository owner\/name of git\.example/],
    ['../', /not a repository/],
    ['../a/../lib', /not a repository/],
    ['https://git.example/lib', /not a repository/],
    ['https://git.example/group/sub/lib', /not a repository/],
    ['https://git.example/acme/lib?x=1', /not a repository/],
    ['https://git.example/acme/li%62', /not a repository/],
    ['../-lib/../x', /not a repository/],
  ])('rejects %j', (address, problem) => {
    expect(resolve(address)).toEqual({ problem: expect.stringMatching(problem) as string });
  });

  it('stays below the path of the host', () => {
    const host = 'https://git.example/git/';
    expect(resolve('https://git.example/git/acme/lib', host)).toEqual({ repository: 'acme/lib' });
    expect(resolve('https://git.example/acme/lib', host)).toHaveProperty('problem');
    expect(resolve('../../acme/lib', host)).toEqual({ repository: 'acme/lib' });
    expect(resolve('../../../acme/lib', host)).toHaveProperty('problem');
  });

  it('does not lower the protocol', () => {
    expect(resolve('https://git.example/a/b', 'http://git.example')).toHaveProperty('problem');
    expect(resolve('http://127.0.0.1:3950/a/b', 'http://127.0.0.1:3950')).toEqual({ repository: 'a/b' });
  });
});
