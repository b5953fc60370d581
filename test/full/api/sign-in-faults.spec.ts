import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Answer } from '../../support/github-oauth/github-oauth.js';
import { testUser } from '../../support/github-oauth/test-user.js';
import { locationOf, type Browser } from '../../support/nexos/browser.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { problemOf } from '../../integration/api/api-fixture.js';
import { startSignIn, type SignInSystem } from '../../integration/api/sign-in-fixture.js';

let system: SignInSystem;
beforeAll(async () => {
  system = await startSignIn(inject('system'));
  system.github.visitor = testUser();
});
afterAll(() => system.stop());

/** Expects a rejection with this status and problem type, and no session. */
async function expectRefused(browser: Browser, response: Response, status: number, kind: string) {
  expect((await problemOf(response.clone())).type).toBe(`urn:nexos:problem:${kind}`);
  expect(response.status).toBe(status);
  expect(browser.cookies.has('nexos_session')).toBe(false);
}

const CALLBACK = '/api/auth/github/callback';

describe('the sign-in callback', () => {
  it('rejects a visitor who denied access at GitHub', async () => {
    const { visitor } = system.github;
    system.github.visitor = null;
    const browser = system.browser();
    const back = await browser.toGithub();
    system.github.visitor = visitor;
    expect(back).toContain('error=access_denied');
    await expectRefused(browser, await browser.get(back), 401, 'unauthenticated');
    // A sign-in has a single attempt.
    expect(browser.cookies.size).toBe(0);
  });

  it.each([
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['another state', (url: URL) => url.searchParams.set('state', 'A'.repeat(43))],
    ['two states', (url: URL) => url.searchParams.append('state', 'x')],
    ['a state of NUL', (url: URL) => url.searchParams.set('state', '\u0000')],
    ['an endless state', (url: URL) => url.searchParams.set('state', 'x'.repeat(5_000))],
    ['no code', (url: URL) => url.searchParams.delete('code')],
    ['two codes', (url: URL) => url.searchParams.append('code', 'x')],
    ['a code of NUL', (url: URL) => url.searchParams.set('code', '\u0000')],
    ['an endless code', (url: URL) => url.searchParams.set('code', 'x'.repeat(5_000))],
  ])('rejects a request with %s', async (_, change) => {
    const browser = system.browser();
    const url = new URL(await browser.toGithub());
    change(url);
    await expectRefused(browser, await browser.get(url.href), 400, 'validation');
  });

  it('rejects a browser that began no sign-in, so that no link signs anyone in', async () => {
    const back = await system.browser().toGithub();
    const victim = system.browser();
    await expectRefused(victim, await victim.get(back), 400, 'validation');
    await victim.get('/api/auth/github');
    await expectRefused(victim, await victim.get(back), 400, 'validation');
  });

  it.each(['', 'x', 'v1.a.b.c', '%00', '"', 'v1.'.padEnd(4_000, 'x')])(
    'rejects the cookie %j',
    async (value) => {
      const browser = system.browser();
      const back = await browser.toGithub();
      const response = await browser.get(back, { cookie: `nexos_sign_in=${value}` });
      await expectRefused(browser, response, 400, 'validation');
    },
  );

  it('rejects a repeated callback; with a saved cookie, GitHub rejects its code', async () => {
    const browser = system.browser();
    const back = await browser.toGithub();
    const { value = '' } = browser.cookies.get('nexos_sign_in') ?? {};
    expect((await browser.get(back)).status).toBe(302);
    const again = system.browser();
    await expectRefused(again, await again.get(back), 400, 'validation');
    const response = await again.get(back, { cookie: `nexos_sign_in=${value}` });
    await expectRefused(again, response, 401, 'unauthenticated');
  });

  it('rejects a code that GitHub issued for another sign-in, which had another verifier', async () => {
    const other = new URL(await system.browser().toGithub());
    const browser = system.browser();
    const mine = new URL(await browser.toGithub());
    mine.searchParams.set('code', other.searchParams.get('code') ?? '');
    await expectRefused(browser, await browser.get(mine.href), 401, 'unauthenticated');
  });

  const TOKEN = '/login/oauth/access_token';
  const FAULTS: [string, string, Answer | null, number][] = [
    ['rejects the code', TOKEN, { status: 200, body: { error: 'bad_verification_code' } }, 401],
    ['requires a verified address', TOKEN, { status: 200, body: { error: 'unverified_user_email' } }, 401],
    [
      'rejects the client secret',
      TOKEN,
      { status: 200, body: { error: 'incorrect_client_credentials' } },
      503,
    ],
    ['returns an unknown error', TOKEN, { status: 200, body: { error: '<b>\u0000' } }, 503],
    ['returns null', TOKEN, { status: 200, body: null }, 503],
    ['returns a number as the token', TOKEN, { status: 200, body: { access_token: 7 } }, 503],
    ['knows no such app', TOKEN, { status: 404, body: { error: 'Not Found' } }, 503],
    ['drops the connection', TOKEN, null, 503],
    ['fails to return the user', '/api/v3/user', { status: 500, body: {} }, 503],
    ['drops the connection for the user', '/api/v3/user', null, 503],
    ['returns a user without an id', '/api/v3/user', { status: 200, body: { login: 'x' } }, 503],
    ['returns no user', '/api/v3/user', { status: 200, body: null }, 503],
    [
      'rate-limits the request',
      '/api/v3/user',
      { status: 403, body: { message: 'API rate limit exceeded' } },
      503,
    ],
  ];

  it.each(FAULTS)('rejects the sign-in with the reason when GitHub %s', async (_, path, fault, status) => {
    const browser = system.browser();
    const back = await browser.toGithub();
    system.github.faults.set(path, fault);
    try {
      const response = await browser.get(back);
      await expectRefused(
        browser,
        response,
        status,
        status === 401 ? 'unauthenticated' : 'service-unavailable',
      );
    } finally {
      system.github.faults.clear();
    }
  });
});

describe('an installation without sign-in', () => {
  let bare: NexosStack;
  beforeAll(async () => {
    bare = await NexosStack.start(inject('system'), { apps: ['api'] });
  });
  afterAll(() => bare.stop());

  it.each(['/api/auth/github', `${CALLBACK}?code=x&state=y`])('names the setting at %s', async (path) => {
    const response = await fetch(`${bare.api.baseUrl}${path}`, { redirect: 'manual' });
    expect(response.status).toBe(404);
    expect((await problemOf(response)).detail).toContain('GITHUB_CLIENT_ID');
  });
});

describe('an installation that allows no users', () => {
  it('rejects every sign-in', async () => {
    const closed = await startSignIn(inject('system'), { SIGN_IN_ALLOWED: '' });
    try {
      closed.github.visitor = testUser();
      const browser = closed.browser();
      expect(locationOf(await browser.get('/api/auth/github'))).toContain('/login/oauth/authorize');
      await expectRefused(browser, await browser.signIn(), 403, 'forbidden');
    } finally {
      await closed.stop();
    }
  });
});
