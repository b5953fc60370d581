import { generateKeyPairSync } from 'node:crypto';
import { GithubConfig } from '@nexos/config';
import { ConfiguredApp, GithubAccess } from '@nexos/github';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GithubApi } from '../../support/github-api/github-api.js';

const APP_ID = '4713';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const REPOSITORY = { name: 'octo/app', installationId: '7' };
const USER = { id: '1', login: 'ada' };

describe('GithubAccess', () => {
  let api: GithubApi;
  beforeEach(async () => {
    api = await GithubApi.start({ id: APP_ID, publicKey });
    api.install('octo/app', 7);
  });
  afterEach(() => api.stop());

  it('waits for a token until the signal of a caller, and goes on for the others', async () => {
    const config = Object.assign(new GithubConfig(), { apiUrl: api.url, appId: APP_ID, appPrivateKey: PEM });
    const access = new GithubAccess(new ConfiguredApp(config));
    const leaving = new AbortController();
    api.failWhen(() => {
      leaving.abort(new Error('left'));
      return { kind: 'timeout', isApplied: false };
    });
    const staying = access.permissionOf(USER, REPOSITORY, new AbortController().signal).catch(() => 'stayed');
    const left = access.permissionOf(USER, REPOSITORY, leaving.signal).catch((error: unknown) => error);
    expect(await Promise.race([staying, left])).toMatchObject({ kind: 'unavailable' });
    expect(api.requests).toHaveLength(1);
    api.dropConnections();
    expect(await staying).toBe('stayed');
  });
});
