import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { GithubConfig } from '@nexos/config';
import { GithubModule, InstallationTokens } from '@nexos/github';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GithubApi, startGithubApi } from '../../support/github-api/github-api.js';

const APP_ID = '4711';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
// GitHub hands out keys in this form.
const PEM = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

describe('the tokens of the GitHub App', () => {
  let api: GithubApi;

  beforeEach(async () => {
    api = await startGithubApi({ id: APP_ID, publicKey });
    api.install('octo/app', 7);
  });
  afterEach(async () => {
    await api.stop();
  });

  function tokens(changes: Partial<GithubConfig> = {}): InstallationTokens {
    const config = { apiUrl: api.url, appId: APP_ID, appPrivateKey: PEM, ...changes };
    return new InstallationTokens(Object.assign(new GithubConfig(), config));
  }

  it('are none without an App', async () => {
    const none = new InstallationTokens(new GithubConfig());
    expect(await none.tokenFor('octo/app', 7)).toBeUndefined();
    expect(api.requests).toEqual([]);
  });

  it('can read the one repository and do nothing else', async () => {
    expect(await tokens().tokenFor('octo/app', 7)).toBe('ghs_7_1');
    expect(api.tokenRequests).toEqual([{ repositories: ['app'], permissions: { contents: 'read' } }]);
  });

  it('find the installation of a repository when it is not known', async () => {
    expect(await tokens().tokenFor('octo/app')).toBe('ghs_7_1');
    expect(api.requests).toEqual([
      'GET /repos/octo/app/installation',
      'POST /app/installations/7/access_tokens',
    ]);
  });

  it('are asked for once while they are good, however many ask at once', async () => {
    const source = tokens();
    const asked = [1, 2, 3].map(() => source.tokenFor('octo/app', 7));
    expect(await Promise.all(asked)).toEqual(['ghs_7_1', 'ghs_7_1', 'ghs_7_1']);
    expect(await source.tokenFor('Octo/App', 7)).toBe('ghs_7_1');
    expect(api.requests).toHaveLength(1);
  });

  it('are not used in the last five minutes before they expire', async () => {
    const source = tokens();
    api.setTokenLifetime(299);
    expect(await source.tokenFor('octo/app', 7)).toBe('ghs_7_1');
    api.setTokenLifetime(310);
    expect(await source.tokenFor('octo/app', 7)).toBe('ghs_7_2');
    expect(await source.tokenFor('octo/app', 7)).toBe('ghs_7_2');
  });

  it('are none where the App is not installed, since the repository may be public', async () => {
    expect(await tokens().tokenFor('octo/public')).toBeUndefined();
  });

  it('are denied for a repository that the installation does not cover, and for one that is gone', async () => {
    const denied = { code: 'repository_access_denied' };
    await expect(tokens().tokenFor('octo/other', 7)).rejects.toMatchObject(denied);
    await expect(tokens().tokenFor('octo/app', 8)).rejects.toMatchObject(denied);
    api.simulate({ status: 403, body: { message: 'This installation has been suspended' } });
    await expect(tokens().tokenFor('octo/app', 7)).rejects.toMatchObject(denied);
  });

  it('are denied to another key, and the error shows neither key nor signature', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const pem = other.export({ type: 'pkcs8', format: 'pem' }).toString();
    const error: unknown = await tokens({ appPrivateKey: pem.replaceAll('\n', '\\n') })
      .tokenFor('octo/app', 7)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'repository_access_denied' });
    expect(inspect(error, { depth: 10 })).not.toMatch(/eyJ|PRIVATE KEY/);
  });

  it('cannot be had while GitHub fails or asks for patience, and can be had again afterwards', async () => {
    const source = tokens();
    const unreachable = { code: 'repository_unreachable' };
    api.simulate({ status: 502, body: { message: 'Bad Gateway' } });
    await expect(source.tokenFor('octo/app', 7)).rejects.toMatchObject(unreachable);
    api.simulate({ status: 403, body: { message: 'API rate limit exceeded for installation' } });
    await expect(source.tokenFor('octo/app', 7)).rejects.toMatchObject(unreachable);
    const nobody = tokens({ apiUrl: 'http://127.0.0.1:1' });
    await expect(nobody.tokenFor('octo/app', 7)).rejects.toMatchObject(unreachable);
    api.simulate(null);
    expect(await source.tokenFor('octo/app', 7)).toBe('ghs_7_1');
  });

  it('need a key that is one, which is found out at boot', () => {
    expect(() => tokens({ appPrivateKey: '-----BEGIN nonsense' })).toThrow('GITHUB_APP_PRIVATE_KEY');
  });

  it('come from their module', async () => {
    const github = Object.assign(new GithubConfig(), { apiUrl: api.url, appId: APP_ID, appPrivateKey: PEM });
    const module = GithubModule.forRoot({ github });
    const app = await Test.createTestingModule({ imports: [module] }).compile();
    expect(await app.get(InstallationTokens).tokenFor('octo/app', 7)).toBe('ghs_7_1');
    await app.close();
  });
});
