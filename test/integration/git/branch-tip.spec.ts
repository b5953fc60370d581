import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GithubConfig } from '@nexos/config';
import { RemoteBranches } from '@nexos/git';
import { MirrorFixture, REPOSITORY } from './mirror-fixture.js';

describe('RepositoryMirror.tipOf', () => {
  let fixture: MirrorFixture;

  beforeEach(async () => {
    fixture = await MirrorFixture.create();
  });
  afterEach(async () => {
    await fixture.remove();
  });

  it('returns the tip of exactly the named branch, or null when there is no such branch', async () => {
    const main = await fixture.pushed({ 'a.txt': 'one' });
    const odd = await fixture.pushed({ 'a.txt': 'two' }, '--upload-pack=x');
    await fixture.pushed({ 'a.txt': 'three' }, 'deep/refs/heads/solo');
    const signal = new AbortController().signal;
    const tip = (branch: string): Promise<string | null> =>
      fixture.mirror().tipOf({ repository: REPOSITORY, branch, signal });
    expect(await tip('main')).toBe(main);
    expect(await tip('--upload-pack=x')).toBe(odd);
    expect(await tip('solo')).toBeNull();
    expect(await tip('*')).toBeNull();
    expect(await tip('gone')).toBeNull();
    await fixture.repository.deleteBranch('--upload-pack=x');
    expect(await tip('--upload-pack=x')).toBeNull();
    fixture.server.simulate({ kind: 'status', status: 502 });
    await expect(tip('main')).rejects.toMatchObject({ code: 'repository_unreachable' });
  });

  it('finds the default branch, and null while it does not exist', async () => {
    const { signal } = new AbortController();
    const config = Object.assign(new GithubConfig(), { url: fixture.server.url });
    const defaultBranch = () => new RemoteBranches(config).defaultBranch({ repository: REPOSITORY, signal });
    await fixture.pushed({ 'a.txt': 'one' }, 'other');
    expect(await defaultBranch()).toBeNull();
    await fixture.pushed({ 'a.txt': 'two' });
    expect(await defaultBranch()).toBe('main');
    fixture.server.simulate({ kind: 'status', status: 502 });
    await expect(defaultBranch()).rejects.toMatchObject({ code: 'repository_unreachable' });
  });
});
