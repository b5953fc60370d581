import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGitServer, type GitServer } from '../../support/git-server/git-server.js';
import { isolatedGit } from '../../support/git-server/isolated-git.js';

describe('startGitServer', () => {
  let folder: string;
  let server: GitServer | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nexos-git-server-'));
    await isolatedGit(folder, ['init', '--quiet', '--initial-branch=main', 'mine']);
    const user = ['-c', 'user.name=You', '-c', 'user.email=you@example.com'];
    await isolatedGit(join(folder, 'mine'), [...user, 'commit', '--quiet', '--allow-empty', '-m', 'first']);
  });
  afterEach(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const push = (path: string) =>
    isolatedGit(join(folder, 'mine'), ['push', '--quiet', `${server?.url ?? ''}/${path}`, 'main']);

  it('creates the repository that is pushed to, inside its own folder only', async () => {
    server = await startGitServer({ root: join(folder, 'hosted'), createsOnPush: true });
    await push('me/mine.git');
    await Promise.all([push('me/mine.git'), push('me/other.git')]);
    const listed = await isolatedGit(folder, ['ls-remote', '--heads', `${server.url}/me/mine.git`]);
    expect(listed).toMatch(/^[0-9a-f]{40}\trefs\/heads\/main/);
    for (const path of ['../mine.git', 'me/..%2Fmine.git', 'deep/er/mine.git', '.me/mine.git']) {
      await expect(push(path)).rejects.toThrow();
    }
    expect(readdirSync(folder).toSorted()).toEqual(['hosted', 'mine']);
    expect(readdirSync(join(folder, 'hosted'))).toEqual(['me']);
    expect(readdirSync(join(folder, 'hosted', 'me')).toSorted()).toEqual(['mine.git', 'other.git']);
  });

  it('creates no repository by default', async () => {
    server = await startGitServer({ root: join(folder, 'hosted') });
    await expect(push('me/mine.git')).rejects.toThrow('not found');
  });
});
