import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EncryptionConfig, loadConfig } from '@nexos/config';
import { Sealer, sealIdentity } from '@nexos/crypto';
import { APP_EVENTS } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { anyPort } from '../../support/any-port.js';
import { eventually } from '../../support/eventually.js';
import { submitManifest } from '../../support/github-api/create-app.js';
import { testUser } from '../../support/github-oauth/test-user.js';
import { ApiClient } from '../../support/nexos/api-client.js';
import { locationOf } from '../../support/nexos/browser.js';
import { createProject, problemOf } from './api-fixture.js';
import { GithubAppSystem } from './github-app-fixture.js';
import { CLIENT_SECRET, startSignIn } from './sign-in-fixture.js';

let system: GithubAppSystem;
beforeAll(async () => {
  system = await GithubAppSystem.start(inject('system'));
});
afterAll(() => system.stop());
beforeEach(() => system.reset());

describe('the stored GitHub App', () => {
  it('has its pushes accepted at once, after a restart too, until it is forgotten', async () => {
    const before = await system.push('the secret of nobody');
    expect(before.status).toBe(401);
    await system.connect();
    const { webhook } = system.newest.secrets;
    expect((await system.push(webhook)).status).toBe(202);
    const api = system.nexos.app('api');
    await api.stop('SIGKILL');
    api.start();
    await system.nexos.ready();
    expect((await system.push(webhook)).status).toBe(202);
    const { webhook_instructions: instructions } = await createProject(system.nexos);
    expect(instructions).toBeNull();
    await system.nexos.api.request('DELETE', '/github/app');
    expect((await system.push(webhook)).status).toBe(401);
  });

  it('counts for what a project says about its reports', async () => {
    const { id } = await createProject(system.nexos);
    const obstacle = async () => {
      const path = `/projects/${id}/github/reports`;
      return (await system.nexos.api.get<{ obstacle: string | null }>(path)).obstacle;
    };
    expect(await obstacle()).toContain('no GitHub App');
    await system.connect();
    expect(await obstacle()).toContain('Install the App on the repository');
  });

  it('without a webhook leaves projects their own, and says how to set it up', async () => {
    const { action, manifest } = await system.open((await system.begin()).url);
    const without = { ...(JSON.parse(manifest) as object), hook_attributes: undefined };
    await system.visit(await submitManifest(action, JSON.stringify(without)));
    expect(await system.describe()).toMatchObject({ configured: true });
    const { id, webhook_instructions: instructions } = await createProject(system.nexos);
    expect(instructions).toContain(`POST /api/projects/${id}/webhook-secret`);
  });

  it('is shown with the permissions and events that it lacks', async () => {
    await system.connect();
    const { manifest } = system.newest;
    Object.assign(manifest.default_permissions, { checks: 'read' });
    manifest.default_events.splice(0, 1);
    expect(await system.describe()).toMatchObject({
      missing_permissions: [{ name: 'checks', needed: 'write', granted: 'read' }],
      missing_events: [APP_EVENTS[0]],
      problem: null,
    });
  });

  it('is shown although GitHub is down or does not know it any more', async () => {
    await system.connect();
    for (const [answer, problem] of [
      [{ status: 502, body: { message: 'Bad Gateway' } }, 'GitHub answered 502'],
      [{ status: 401, body: { message: 'A JSON web token could not be decoded' } }, 'does not accept'],
      [{ status: 404, body: { message: 'Integration not found' } }, 'does not accept'],
    ] as const) {
      system.github.simulate(answer);
      expect(await system.describe()).toMatchObject({
        configured: true,
        slug: expect.any(String) as string,
        missing_permissions: null,
        problem: expect.stringContaining(problem) as string,
      });
    }
  });

  it('gives way to the App of the environment variables', async () => {
    await system.connect();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const port = String(await anyPort());
    const other = system.nexos.secondProcess('api', {
      PORT: port,
      GITHUB_APP_ID: '7',
      GITHUB_APP_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    });
    other.start();
    const baseUrl = `http://127.0.0.1:${port}`;
    try {
      await eventually('the second API to be ready', async () => {
        const response = await fetch(`${baseUrl}/health/ready`).catch(() => null);
        return response?.status === 200 ? true : undefined;
      });
      const api = new ApiClient(baseUrl, system.nexos.api.authorization.replace('Bearer ', ''));
      expect(await system.describe(api)).toMatchObject({
        configured: true,
        source: 'environment',
        app_id: 7,
      });
      const response = await api.request('POST', '/github/app-manifest', {});
      expect((await problemOf(response)).detail).toContain('GITHUB_APP_ID');
    } finally {
      await other.stop('SIGTERM');
    }
  });

  it('signs users in', async () => {
    const signIn = await startSignIn(inject('system'), { GITHUB_CLIENT_ID: '', GITHUB_CLIENT_SECRET: '' });
    try {
      const { nexos, github } = signIn;
      expect((await signIn.browser().get('/api/auth/github')).status).toBe(404);
      const { encryption } = loadConfig({ encryption: EncryptionConfig }, nexos.env);
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const secrets = {
        privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
        webhookSecret: null,
        clientId: 'Iv1.test',
        clientSecret: CLIENT_SECRET,
      };
      await nexos.database.query(
        `INSERT INTO github_app (app_id, slug, name, html_url, sealed_credentials) VALUES (7, 'n', 'N', 'https://x.example', $1)`,
        [new Sealer(encryption).seal(JSON.stringify(secrets), sealIdentity.githubApp('7'))],
      );
      // It has just seen that there is no App.
      await nexos.app('api').stop('SIGTERM');
      nexos.app('api').start();
      await nexos.ready();
      github.visitor = testUser();
      const browser = signIn.browser();
      expect(locationOf(await browser.signIn())).toBe('/api/auth/me');
      expect((await browser.get('/api/auth/me')).status).toBe(200);
    } finally {
      await signIn.stop();
    }
  });

  it('leaves its secrets in no log, row or response', async () => {
    await system.connect();
    const { secrets, nexos } = system;
    const rows = await nexos.column<object>(
      'SELECT to_jsonb(a) FROM github_app a UNION ALL SELECT to_jsonb(m) FROM github_app_manifests m',
    );
    const texts = [
      JSON.stringify(rows),
      readFileSync(`${nexos.home}/api.log`, 'utf8'),
      JSON.stringify(await system.describe()),
    ];
    expect(secrets.length).toBeGreaterThan(10);
    for (const text of texts) {
      for (const secret of secrets) {
        expect(secret.length).toBeGreaterThan(20);
        expect(text).not.toContain(secret);
      }
      expect(text).not.toContain('PRIVATE KEY');
    }
  });
});
