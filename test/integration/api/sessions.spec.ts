import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { testUser } from '../../support/github-oauth/test-user.js';
import { eventually, PROMPT_MS } from '../../support/eventually.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import type { Browser } from '../../support/nexos/browser.js';
import { commit, createProject, problemOf } from './api-fixture.js';
import { DASHBOARD, startSignIn, type SignInSystem } from './sign-in-fixture.js';

let system: SignInSystem;
beforeAll(async () => {
  system = await startSignIn(inject('system'), { DASHBOARD_URL: DASHBOARD });
});
afterAll(() => system.stop());

async function signedIn(): Promise<Browser> {
  system.github.visitor = testUser();
  const browser = system.browser();
  expect((await browser.signIn()).status).toBe(302);
  return browser;
}
const sessionOf = async (browser: Browser) => {
  const me = (await (await browser.get('/api/auth/me')).json()) as { credential: { id: string } };
  return me.credential.id;
};
const ours = () => ({ origin: system.nexos.api.baseUrl });

/** Signs a JWT, by default with a key that is not ours. */
function jwt(header: object, claims: object, key = 'a key that is not ours'): string {
  const text = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

describe('a session', () => {
  it('ends at sign-out, and its cookie is rejected afterwards', async () => {
    const browser = await signedIn();
    const { value = '' } = browser.cookies.get('nexos_session') ?? {};
    const response = await browser.request('POST', '/api/auth/logout', ours());
    expect(response.status).toBe(204);
    expect(browser.cookies.size).toBe(0);
    const kept = await browser.get('/api/auth/me', { cookie: `nexos_session=${value}` });
    expect(kept.status).toBe(401);
    expect((await problemOf(kept)).detail).toContain('/api/auth/github');
  });

  it('does not affect the other sessions of the account when it ends', async () => {
    const browser = await signedIn();
    const other = system.browser();
    await other.signIn();
    await browser.request('POST', '/api/auth/logout', ours());
    expect((await other.get('/api/auth/me')).status).toBe(200);
  });

  it('ends when it expires', async () => {
    const browser = await signedIn();
    const id = await sessionOf(browser);
    await system.nexos.database.query('UPDATE sessions SET expires_at = now() WHERE id = $1', [id]);
    await eventually('the session to end', async () =>
      (await browser.get('/api/auth/me')).status === 401 ? true : undefined,
    );
  });

  it('ends when its account is deleted', async () => {
    const browser = await signedIn();
    const id = await sessionOf(browser);
    await system.nexos.database.query(
      'DELETE FROM accounts WHERE id = (SELECT account_id FROM sessions WHERE id = $1)',
      [id],
    );
    await eventually('the session to end', async () =>
      (await browser.get('/api/projects')).status === 401 ? true : undefined,
    );
  });

  it('closes its log streams at sign-out', async () => {
    const { id: projectId, repository } = await createProject(system.nexos);
    await system.nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
    const { latest_deployment_id: deployment } = await system.nexos.api.waitForEnvironment(projectId);
    const browser = await signedIn();
    await system.nexos.database.query(
      'UPDATE projects SET account_id = (SELECT account_id FROM sessions WHERE id = $1) WHERE id = $2',
      [await sessionOf(browser), projectId],
    );
    const path = `/api/deployments/${deployment ?? ''}/logs`;
    const stream = await browser.get(path, { accept: 'text/event-stream' });
    expect(stream.status).toBe(200);
    let hasEnded = false;
    const reading = stream.text().then(() => {
      hasEnded = true;
    });
    await browser.request('POST', '/api/auth/logout', ours());
    await eventually('the end of the stream', () => Promise.resolve(hasEnded ? true : undefined), {
      deadlineMs: PROMPT_MS,
    });
    await reading;
  });

  it('creates and revokes API keys, as the dashboard does', async () => {
    const browser = await signedIn();
    const response = await fetch(`${browser.baseUrl}/api/auth/api-keys`, {
      method: 'POST',
      headers: {
        ...ours(),
        'content-type': 'application/json',
        cookie: `nexos_session=${browser.cookies.get('nexos_session')?.value ?? ''}`,
      },
      body: JSON.stringify({ name: 'from the dashboard' }),
    });
    expect(response.status).toBe(201);
    const { id, key } = (await response.json()) as { id: string; key: string };
    const byKey = await browser.get('/api/auth/me', { authorization: `Bearer ${key}` });
    expect(await byKey.json()).toMatchObject({ credential: { type: 'api_key', id } });
    expect((await browser.request('DELETE', `/api/auth/api-keys/${id}`, ours())).status).toBe(204);
  });

  it('is ignored when the request has an API key, even a wrong one', async () => {
    const browser = await signedIn();
    for (const authorization of [
      '',
      'Bearer',
      'Bearer x',
      `Bearer nxs_${'0'.repeat(16)}_${'A'.repeat(43)}`,
    ]) {
      expect((await browser.get('/api/auth/me', { authorization })).status).toBe(401);
    }
  });

  it('sees no resources of another account', async () => {
    const { id, repository } = await createProject(system.nexos);
    await system.nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
    const environment = await system.nexos.api.waitForEnvironment(id);
    const browser = await signedIn();
    expect(await (await browser.get('/api/projects')).json()).toEqual([]);
    const destroy = await browser.request('POST', `/api/environments/${environment.id}/destroy`, ours());
    expect(destroy.status).toBe(404);
    expect((await system.nexos.api.waitForEnvironment(id)).status).toBe('pending');
  });

  const now = Math.floor(Date.now() / 1_000);
  const claims = { sid: 'sess_' + '0'.repeat(26), sub: 'user_x', iss: 'nexos', exp: now + 3_600 };
  it.each([
    ['nothing', ''],
    ['text that is not a JWT', 'x'],
    ['NUL', '%00'],
    ['the signature of another key', jwt({ alg: 'HS256', typ: 'JWT' }, claims)],
    ['the signature of an empty key', jwt({ alg: 'HS256', typ: 'JWT' }, claims, '')],
    ['no signature', jwt({ alg: 'none' }, claims).replace(/[^.]*$/, '')],
    ['an algorithm that we do not use', jwt({ alg: 'HS512' }, claims)],
    ['excessive length', 'x.'.padEnd(10_000, 'y')],
  ])('is not granted to a forged cookie: %s', async (_, value) => {
    const response = await system.browser().get('/api/auth/me', { cookie: `nexos_session=${value}` });
    expect(response.status).toBe(401);
    await problemOf(response);
  });

  it('is not granted to a cookie whose claims were changed', async () => {
    const { value = '' } = (await signedIn()).cookies.get('nexos_session') ?? {};
    const [header = '', body = '', signature = ''] = value.split('.');
    const payload = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...payload, exp: now + 9_999_999 })).toString('base64url');
    const cookie = `nexos_session=${[header, changed, signature].join('.')}`;
    expect((await system.browser().get('/api/auth/me', { cookie })).status).toBe(401);
  });
});

describe('a state-changing request with a session', () => {
  const UNSAFE: [string, string][] = [
    ['POST', '/api/auth/logout'],
    ['POST', '/api/auth/api-keys'],
    ['DELETE', '/api/auth/api-keys/x'],
    ['POST', '/api/projects'],
    ['POST', '/api/environments/x/destroy'],
  ];
  const ODD: [string, Record<string, string>][] = [
    ['without an origin', {}],
    ['from another site', { origin: 'https://evil.example' }],
    ['from a page without an origin', { origin: 'null' }],
    ['from another port', { origin: 'http://127.0.0.1:1' }],
    ['from a host that begins like ours', { origin: 'https://dashboard.example.com.evil.example' }],
    ['from the dashboard’s host without TLS', { origin: 'http://dashboard.example.com' }],
    ['with only a referer', { referer: DASHBOARD }],
  ];

  it.each(ODD)('is rejected %s, and nothing happens', async (_, headers) => {
    const browser = await signedIn();
    for (const [method, path] of UNSAFE) {
      const response = await browser.request(method, path, headers);
      expect(response.status, `${method} ${path}`).toBe(403);
      expect((await problemOf(response)).type).toBe('urn:nexos:problem:forbidden');
      expect(Number(response.headers.get('ratelimit-remaining') ?? NaN)).toBeGreaterThan(0);
    }
    expect((await browser.get('/api/auth/me')).status).toBe(200);
  });

  it('is accepted from the origins of the API and the dashboard', async () => {
    for (const origin of [system.nexos.api.baseUrl, new URL(DASHBOARD).origin]) {
      const browser = await signedIn();
      expect((await browser.request('POST', '/api/auth/logout', { origin })).status).toBe(204);
    }
  });

  it('needs no origin with an API key, which cannot sign out', async () => {
    const response = await system.nexos.api.request('POST', '/auth/logout');
    expect(response.status).toBe(403);
    await problemOf(response);
    const foreign = { origin: 'https://evil.example' };
    const destroy = await system.nexos.api.request('POST', '/environments/x/destroy', undefined, foreign);
    expect(destroy.status).toBe(404);
  });
});
