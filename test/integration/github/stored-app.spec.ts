import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { ConfigModule, DatabaseConfig, EncryptionConfig, GithubConfig, loadConfig } from '@nexos/config';
import { Sealer } from '@nexos/crypto';
import type { GithubAppEntity } from '@nexos/database';
import { newId } from '@nexos/domain';
import {
  ConfiguredApp,
  GithubModule,
  InstallationTokens,
  ManifestConversions,
  StoredApp,
} from '@nexos/github';
import { AccountsRepository, GithubAppRepository } from '@nexos/state';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { createApp } from '../../support/github-api/create-app.js';
import { GithubApi } from '../../support/github-api/github-api.js';
import { readingProject } from '../../support/reading-project.js';
import { MirrorFixture, REPOSITORY } from '../git/mirror-fixture.js';

const APP_ID = '4242';
const KEY = Buffer.alloc(32, 1).toString('base64');
const HALF_A_MINUTE = 30_000;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ENV_PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Counts its queries. */
class CountedApp extends StoredApp {
  queries = 0;
  isAway = false;

  override find(): Promise<GithubAppEntity | null> {
    this.queries++;
    return this.isAway ? Promise.reject(new Error('the database is away')) : super.find();
  }
}

let database: TestDatabase;
let github: GithubApi;
let accountId: string;
let stored: CountedApp;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  const operator = { name: 'operator', plan: 'free', isOperator: true } as const;
  accountId = await database.repository(AccountsRepository).ensureLocal(operator);
});
afterAll(() => database.drop());
beforeEach(async () => {
  github = await GithubApi.start({ id: APP_ID, publicKey });
  await database.repository(GithubAppRepository).delete();
  stored = storeOf(KEY);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});
afterEach(async () => {
  vi.useRealTimers();
  await github.stop();
});

function storeOf(key: string, oldKeys: string[] = []): CountedApp {
  return new CountedApp(database.repository(GithubAppRepository), new Sealer({ key, oldKeys }));
}
function config(changes: Partial<GithubConfig> = {}): GithubConfig {
  return Object.assign(new GithubConfig(), { apiUrl: github.url, ...changes });
}
/** Another process. */
const configured = (changes: Partial<GithubConfig> = {}) => new ConfiguredApp(config(changes), stored);

/** Creates an App on GitHub and stores it. */
async function connect(name = 'Nexos') {
  const app = await new ManifestConversions(config()).convert(await createApp(github, { name }));
  expect(await stored.insert(app, accountId)).toBe(true);
  return app;
}
const later = () => vi.setSystemTime(Date.now() + HALF_A_MINUTE);

describe('the credentials of the GitHub App', () => {
  it('are those of the environment, whatever is stored, without a query', async () => {
    await connect();
    const app = configured({ appId: '7', appPrivateKey: ENV_PEM });
    expect(await app.find()).toMatchObject({ appId: '7', stored: null });
    expect([app.isFromEnvironment, app.isKnown, stored.queries]).toEqual([true, true, 0]);
  });

  it('are those of the stored App otherwise', async () => {
    const { privateKey: pem, webhookSecret, clientId, clientSecret } = await connect('Nexos of Acme');
    expect(await configured().find()).toEqual({
      appId: APP_ID,
      privateKey: pem,
      baseUrl: github.url,
      stored: {
        slug: 'nexos-of-acme',
        htmlUrl: 'https://github.example/apps/nexos-of-acme',
        webhookSecret,
        clientId,
        clientSecret,
      },
    });
  });

  it('are noticed by a process that runs, which asks once in half a minute', async () => {
    const app = configured();
    expect(await app.find()).toBeNull();
    await connect();
    expect([await app.find(), app.isKnown, stored.queries]).toEqual([null, false, 1]);
    later();
    const [one, other] = await Promise.all([app.find(), app.find()]);
    expect(one).toMatchObject({ appId: APP_ID });
    expect([one === other, app.isKnown, stored.queries]).toEqual([true, true, 2]);
    expect(await app.find()).toBe(one);
    expect(stored.queries).toBe(2);
    later();
    expect(await app.find()).toBe(one);
  });

  it('end when the App is forgotten, at once in the process that forgets it', async () => {
    await connect();
    const [here, elsewhere] = [configured(), configured()];
    expect([await here.find(), await elsewhere.find()]).not.toContain(null);
    expect(await stored.delete()).toBe(true);
    here.forget();
    expect(await here.find()).toBeNull();
    later();
    expect(await elsewhere.find()).toBeNull();
    expect(await stored.delete()).toBe(false);
  });

  it('stay while the database is away, unless it is not known whether there is an App', async () => {
    const silent = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await connect();
    const app = configured();
    const known = await app.find();
    stored.isAway = true;
    later();
    expect(await app.find()).toBe(known);
    await expect(configured().find()).rejects.toThrow('the database is away');
    expect(silent).toHaveBeenCalledTimes(1);
    silent.mockRestore();
  });

  it('are not taken for missing if no key decrypts them, and are back with the key', async () => {
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await connect();
    const other = Buffer.alloc(32, 2).toString('base64');
    stored = storeOf(other);
    const app = configured();
    await expect(app.find()).rejects.toMatchObject({ name: 'UnreadableAppError', kind: 'unavailable' });
    expect([await app.exists(), app.isKnown, await app.requiresConnection()]).toEqual([true, true, true]);
    expect(error.mock.calls.flat().join()).toContain('ENCRYPTION_KEYS_OLD');
    stored = storeOf(other, [KEY]);
    expect(await configured().find()).toMatchObject({ appId: APP_ID });
    error.mockRestore();
  });

  it('decide by default whether repositories must be connected', async () => {
    expect(await configured().requiresConnection()).toBe(false);
    await connect();
    expect(await configured().requiresConnection()).toBe(true);
    expect(await configured({ repositories: 'any' }).requiresConnection()).toBe(false);
  });

  it('are stored once: a second App does not replace the first', async () => {
    const first = await connect();
    const second = { ...first, id: 9, slug: 'other' };
    expect(await stored.insert(second, accountId)).toBe(false);
    expect(await configured().find()).toMatchObject({ appId: APP_ID });
  });

  it('are in the database only encrypted', async () => {
    const app = await connect();
    const rows = JSON.stringify(await database.rows('SELECT * FROM github_app'));
    for (const secret of [app.privateKey.split('\n')[2], app.webhookSecret, app.clientSecret]) {
      expect(secret?.length).toBeGreaterThan(20);
      expect(rows).not.toContain(secret);
    }
  });
});

describe('installation tokens with the stored App', () => {
  it('clone a private repository', async () => {
    const token = 'ghs_7_1';
    const fixture = await MirrorFixture.create({ private: true, token });
    try {
      const sha = await fixture.pushed({ 'a.txt': 'one' });
      github.install(REPOSITORY, 7);
      await connect();
      const tokens = new InstallationTokens(configured());
      const request = fixture.request(sha, { token: await tokens.tokenFor(readingProject(REPOSITORY)) });
      expect(request.token).toBe(token);
      await fixture.mirror().fetchCommit(request);
      expect(await fixture.fileOf(sha, 'a.txt')).toBe('one');
    } finally {
      await fixture.remove();
    }
  });

  it('are refused with what to do while no key decrypts the App, so that it does not look like none', async () => {
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    github.install(REPOSITORY, 7);
    await connect();
    stored = storeOf(Buffer.alloc(32, 2).toString('base64'));
    const tokens = new InstallationTokens(configured());
    await expect(tokens.tokenFor(readingProject(REPOSITORY, 7))).rejects.toMatchObject({
      code: 'secrets_unreadable',
      message: expect.stringContaining('encryption key') as string,
    });
    error.mockRestore();
  });

  it('are not given to a project that was made while there was no App', async () => {
    github.install(REPOSITORY, 7);
    const project = readingProject(REPOSITORY, undefined, { isConfirmed: false });
    const tokens = new InstallationTokens(configured());
    expect(await tokens.tokenFor(project)).toBeUndefined();
    await connect();
    later();
    expect(await tokens.tokenFor(project)).toBeUndefined();
    expect(await tokens.tokenFor(readingProject(REPOSITORY))).toBe('ghs_7_1');
  });

  it('are forgotten with the App, and are those of the next one', async () => {
    github.install(REPOSITORY, 7);
    await connect();
    const tokens = new InstallationTokens(configured());
    expect(await tokens.tokenFor(readingProject(REPOSITORY, 7))).toBe('ghs_7_1');
    await stored.delete();
    later();
    expect(await tokens.tokenFor(readingProject(REPOSITORY, 7))).toBeUndefined();
    await connect();
    later();
    expect(await tokens.tokenFor(readingProject(REPOSITORY, 7))).toBe('ghs_7_2');
  });

  it('show neither key nor signature in an error', async () => {
    github.install(REPOSITORY, 7);
    await connect();
    await createApp(github);
    const error: unknown = await new InstallationTokens(configured())
      .tokenFor(readingProject(REPOSITORY, 7))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'repository_access_denied' });
    expect(inspect(error, { depth: 10 })).not.toMatch(/eyJ|PRIVATE KEY/);
  });

  it('are provided by GithubModule', async () => {
    github.install(REPOSITORY, 7);
    await connect();
    const sections = { database: DatabaseConfig, encryption: EncryptionConfig };
    const loaded = loadConfig(sections, { DATABASE_URL: database.url, ENCRYPTION_KEY: KEY });
    const imports = [ConfigModule.forRoot({ ...loaded, github: config() }), GithubModule];
    const app = await Test.createTestingModule({ imports }).compile();
    expect(await app.get(InstallationTokens).tokenFor(readingProject(REPOSITORY, 7))).toBe('ghs_7_1');
    await app.close();
  });
});

describe('ManifestConversions', () => {
  it('exchanges a code once', async () => {
    const conversions = new ManifestConversions(config());
    const code = await createApp(github);
    expect(await conversions.convert(code)).toMatchObject({ id: Number(APP_ID), clientId: `Iv1.${APP_ID}` });
    await expect(conversions.convert(code)).rejects.toThrow('GitHub does not know the code.');
  });

  it.each(['500', '502', 'rate limit', 'dropped connection'] as const)(
    'leaves the code usable when GitHub fails: %s',
    async (kind) => {
      const conversions = new ManifestConversions(config());
      const code = await createApp(github);
      github.failWhen(() => ({ kind, isApplied: false }));
      await expect(conversions.convert(code)).rejects.toMatchObject({ name: 'GithubUnavailableError' });
      github.failWhen(null);
      expect(await conversions.convert(code)).toHaveProperty('privateKey');
    },
  );

  it.each([
    ['no object', 'text'],
    ['without a key', { id: 1, slug: 'a', name: 'A', html_url: 'https://github.example/apps/a' }],
    [
      'with half a key',
      {
        ...{ id: 1, slug: 'a', name: 'A', html_url: 'https://github.example/apps/a' },
        ...{ client_id: 'Iv1', client_secret: newId('session'), pem: ENV_PEM.slice(0, 200) },
      },
    ],
  ])('shows nothing of an incomplete answer: %s', async (_, body) => {
    github.simulate({ status: 201, body });
    const error: unknown = await new ManifestConversions(config())
      .convert('x')
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ManifestAnswerLostError' });
    expect(inspect(error, { depth: 10 })).not.toMatch(/PRIVATE KEY|sess_/);
  });
});
