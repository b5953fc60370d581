import { describe, expect, it } from 'vitest';
import { verdictOn } from './git-failure.js';
import { GitExit } from './git-process.js';

const URL_ = 'https://github.example/owner/name.git/';

describe('verdictOn', () => {
  it.each([
    [`fatal: unable to access '${URL_}': Could not resolve host: github.example`, 'repository_unreachable'],
    [`fatal: unable to access '${URL_}': Failed to connect to 127.0.0.1 port 1`, 'repository_unreachable'],
    [`fatal: unable to access '${URL_}': The requested URL returned error: 503`, 'repository_unreachable'],
    [`fatal: unable to access '${URL_}': The requested URL returned error: 429`, 'repository_unreachable'],
    [`fatal: unable to access '${URL_}': SSL certificate problem: self-signed`, 'repository_unreachable'],
    ['error: RPC failed; curl 28 Operation too slow.\nfatal: expected flush', 'repository_unreachable'],
    ['fatal: early EOF\nfatal: fetch-pack: invalid index-pack output', 'repository_unreachable'],
    ['remote: Repository not found.\nfatal: Authentication failed for', 'repository_access_denied'],
    [`remote: Repository not found.\nfatal: repository '${URL_}' not found`, 'repository_access_denied'],
    ["fatal: could not read Username for 'https://github.example'", 'repository_access_denied'],
    [`fatal: unable to access '${URL_}': The requested URL returned error: 403`, 'repository_access_denied'],
    [`fatal: unable to access '${URL_}': The requested URL returned error: 451`, 'repository_access_denied'],
    ['fatal: remote error: upload-pack: not our ref 1234', 'commit_not_found'],
    ["fatal: couldn't find remote ref refs/heads/gone", 'commit_not_found'],
  ])('classifies %j as %s', (stderr, code) => {
    expect(verdictOn(new GitExit('fetch', 128, stderr))).toEqual({ kind: 'failure', code });
  });

  it.each([
    'error: object file objects/12/34 is empty',
    'fatal: not a git repository',
    'fatal: remote error: No space left on device',
    'remote: fatal: could not resolve host',
    '',
  ])('blames the mirror for %j', (stderr) => {
    expect(verdictOn(new GitExit('fetch', 128, stderr))).toEqual({ kind: 'unknown' });
  });

  it('recognizes a full local disk', () => {
    const full = 'remote: Counting objects\nfatal: write error: No space left on device\nfatal: early EOF';
    expect(verdictOn(new GitExit('fetch', 128, full)).kind).toBe('disk-full');
  });

  it('recognizes a host that serves only tips, and a moved repository', () => {
    const refused = 'error: Server does not allow request for unadvertised object 1234';
    expect(verdictOn(new GitExit('fetch', 128, refused)).kind).toBe('tips-only');
    const moved = `fatal: unable to access '${URL_}': The requested URL returned error: 301`;
    expect(verdictOn(new GitExit('fetch', 128, moved)).kind).toBe('moved');
  });
});
