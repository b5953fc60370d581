import type { GithubAppEntity } from '@nexos/database';
import { GithubConfig } from '@nexos/config';
import { describe, expect, it } from 'vitest';
import { ManifestCallbackService } from './manifest-callback.service.js';

const appOf = (appId: string) =>
  ({ appId, name: 'Nexos', htmlUrl: 'https://github.com/apps/nexos' }) as GithubAppEntity;
const APP = appOf('9');

/** @param commit what storing the App leads to; returns what is stored then, or throws */
function finish(commit: () => never, stored: () => Promise<GithubAppEntity | null>) {
  const service = new ManifestCallbackService(
    { run: () => Promise.resolve().then(commit) } as never,
    {
      find: () => Promise.resolve({ accountId: 'acct_1', organization: null }),
      claim: () => Promise.resolve('claimed'),
    } as never,
    { convert: () => Promise.resolve({ id: 9, slug: 'nexos' }) } as never,
    { find: stored } as never,
    { exists: () => Promise.resolve(false), forget: () => undefined } as never,
    new GithubConfig(),
  );
  return service.finish('state', 'code');
}
const fail = () => {
  throw new Error('Connection terminated unexpectedly');
};

describe('ManifestCallbackService', () => {
  it('returns the App that was stored although the answer to the commit was lost', async () => {
    expect(await finish(fail, () => Promise.resolve(APP))).toBe(APP);
  });

  it('says to delete the App when nothing was stored', async () => {
    await expect(finish(fail, () => Promise.resolve(null))).rejects.toMatchObject({
      kind: 'conflict',
      detail: expect.stringContaining('Delete the App at https://github.com/settings/apps') as string,
    });
  });

  it('says which App to delete when another one is stored', async () => {
    const other = appOf('10');
    await expect(finish(fail, () => Promise.resolve(other))).rejects.toMatchObject({
      detail: expect.stringContaining('Another App was stored') as string,
    });
  });

  it('says nothing of deleting when it cannot find out', async () => {
    const away = () => Promise.reject(new Error('the database is away'));
    await expect(finish(fail, away)).rejects.toThrow('the database is away');
  });
});
