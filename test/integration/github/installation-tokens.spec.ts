import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { GithubConfig } from '@nexos/config';
import { remoteFailure } from '@nexos/domain';
import { ConfiguredApp, InstallationTokens } from '@nexos/github';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GithubApi } from '../../support/github-api/github-api.js';
import { readingProject } from '../../support/reading-project.js';

const APP_ID = '4711';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
// GitHub issues keys in this format.
const PEM = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

describe('InstallationTokens', () => {
  let api: GithubApi;

  beforeEach(async () => {
    api = await GithubApi.start({ id: APP_ID, publicKey });
    api.install('octo/app', 7);
  });
  afterEach(async () => {
    await api.stop();
  });

  function tokens(changes: Partial<GithubConfig> = {}): InstallationTokens {
    const config = { apiUrl: api.url, appId: APP_ID, appPrivateKey: PEM, ...changes };
    return new InstallationTokens(new ConfiguredApp(Object.assign(new GithubConfig(), config)));
  }

  it('returns no token when no App is configured', async () => {
    const none = new InstallationTokens(new ConfiguredApp(new GithubConfig()));
    expect(await none.tokenFor(readingProject('octo/app', 7))).toBeUndefined();
    expect(api.requests).toEqual([]);
  });

  describe('for a project that GitHub did not confirm to its account', () => {
    const unconfirmed = readingProject('octo/app', 7, { isConfirmed: false });
    const denied = remoteFailure('repository_access_denied', 'octo/app');

    it.each([undefined, 'connected'] as const)('returns none with REPOSITORIES=%s', async (repositories) => {
      const source = tokens(repositories === undefined ? {} : { repositories });
      expect(await source.tokenFor(unconfirmed)).toBeUndefined();
      expect(await source.tokenFor({ ...unconfirmed, installationId: null })).toBeUndefined();
      expect(api.requests).toEqual([]);
      expect(await source.explain(unconfirmed, denied)).toMatchObject({
        code: 'repository_access_denied',
        message: expect.stringContaining("Set the project's github_repo again") as string,
      });
    });

    it('returns one if the project predates the check, or with REPOSITORIES=any', async () => {
      const older = { ...unconfirmed, predatesAccessChecks: true };
      expect(await tokens().tokenFor(older)).toBe('ghs_7_1');
      expect(await tokens({ repositories: 'any' }).tokenFor(unconfirmed)).toBe('ghs_7_2');
      expect(await tokens({ repositories: 'any' }).explain(unconfirmed, denied)).toBe(denied);
    });
  });

  it('requests a token that can only read the one repository', async () => {
    expect(await tokens().tokenFor(readingProject('octo/app', 7))).toBe('ghs_7_1');
    expect(api.tokenRequests).toEqual([{ repositories: ['app'], permissions: { contents: 'read' } }]);
  });

  it('looks up the installation of a repository when it is unknown', async () => {
    expect(await tokens().tokenFor(readingProject('octo/app'))).toBe('ghs_7_1');
    expect(api.requests).toEqual([
      'GET /repos/octo/app/installation',
      'POST /app/installations/7/access_tokens',
    ]);
  });

  it('requests a token once while it is valid, even for concurrent callers', async () => {
    const source = tokens();
    const asked = [1, 2, 3].map(() => source.tokenFor(readingProject('octo/app', 7)));
    expect(await Promise.all(asked)).toEqual(['ghs_7_1', 'ghs_7_1', 'ghs_7_1']);
    expect(await source.tokenFor(readingProject('Octo/App', 7))).toBe('ghs_7_1');
    expect(api.requests).toHaveLength(1);
  });

  it('replaces a token five minutes before it expires', async () => {
    const source = tokens();
    api.setTokenLifetime(299);
    expect(await source.tokenFor(readingProject('octo/app', 7))).toBe('ghs_7_1');
    api.setTokenLifetime(310);
    expect(await source.tokenFor(readingProject('octo/app', 7))).toBe('ghs_7_2');
    expect(await source.tokenFor(readingProject('octo/app', 7))).toBe('ghs_7_2');
  });

  it('returns no token when the App is not installed, since the repository may be public', async () => {
    expect(await tokens().tokenFor(readingProject('octo/public'))).toBeUndefined();
  });

  it('fails with repository_access_denied when the installation lacks the repository, is gone or is suspended', async () => {
    const denied = { code: 'repository_access_denied' };
    await expect(tokens().tokenFor(readingProject('octo/other', 7))).rejects.toMatchObject(denied);
    await expect(tokens().tokenFor(readingProject('octo/app', 8))).rejects.toMatchObject(denied);
    api.simulate({ status: 403, body: { message: 'This installation has been suspended' } });
    await expect(tokens().tokenFor(readingProject('octo/app', 7))).rejects.toMatchObject(denied);
  });

  it('fails with repository_access_denied for a wrong key, and shows neither key nor signature', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const pem = other.export({ type: 'pkcs8', format: 'pem' }).toString();
    const error: unknown = await tokens({ appPrivateKey: pem.replaceAll('\n', '\\n') })
      .tokenFor(readingProject('octo/app', 7))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'repository_access_denied' });
    expect(inspect(error, { depth: 10 })).not.toMatch(/eyJ|PRIVATE KEY/);
  });

  it('fails with repository_unreachable while GitHub fails or limits the rate, and recovers afterwards', async () => {
    const source = tokens();
    const unreachable = { code: 'repository_unreachable' };
    api.simulate({ status: 502, body: { message: 'Bad Gateway' } });
    await expect(source.tokenFor(readingProject('octo/app', 7))).rejects.toMatchObject(unreachable);
    api.simulate({ status: 403, body: { message: 'API rate limit exceeded for installation' } });
    await expect(source.tokenFor(readingProject('octo/app', 7))).rejects.toMatchObject(unreachable);
    const offline = tokens({ apiUrl: 'http://127.0.0.1:1' });
    await expect(offline.tokenFor(readingProject('octo/app', 7))).rejects.toMatchObject(unreachable);
    api.simulate(null);
    expect(await source.tokenFor(readingProject('octo/app', 7))).toBe('ghs_7_1');
  });

  it('waits until the signal of a caller, and goes on for the others', async () => {
    const source = tokens();
    const leaving = new AbortController();
    api.failWhen(() => {
      leaving.abort(new Error('left'));
      return { kind: 'timeout', isApplied: false };
    });
    const staying = source.tokenFor(readingProject('octo/app', 7)).catch(() => 'stayed');
    const left = source
      .tokenFor(readingProject('octo/app', 7), leaving.signal)
      .catch((error: unknown) => error);
    expect(await Promise.race([staying, left])).toMatchObject({ message: 'left' });
    expect(api.requests).toHaveLength(1);
    api.dropConnections();
    expect(await staying).toBe('stayed');
  });

  it('rejects an invalid private key at boot', () => {
    expect(() => tokens({ appPrivateKey: '-----BEGIN nonsense' })).toThrow('GITHUB_APP_PRIVATE_KEY');
  });
});
