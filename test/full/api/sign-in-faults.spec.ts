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

/** It was refused so, and nobody is signed in. */
async function expectRefused(browser: Browser, response: Response, status: number, kind: string) {
  expect((await problemOf(response.clone())).type).toBe(`urn:nexos:problem:${kind}`);
  expect(response.status).toBe(status);
  expect(browser.cookies.has('nexos_session')).toBe(false);
}

const CALLBACK = '/api/auth/github/callback';

describe('a callback', () => {
  it('of somebody who said no at GitHub is refused', async () => {
    const { visitor } = system.github;
    system.github.visitor = null;
    const browser = system.browser();
    const back = await browser.toGithub();
    system.github.visitor = visitor;
    expect(back).toContain('error=access_denied');
    await expectRefused(browser, await browser.get(back), 401, 'unauthenticated');
    // That was the one try.
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
  ])('with %s is refused', async (_, change) => {
    const browser = system.browser();
    const url = new URL(await browser.toGithub());
    change(url);
    await expectRefused(browser, await browser.get(url.href), 400, 'validation');
  });

  it('in a browser that has begun no sign-in is refused: nobody is signed in by a link', async () => {
    const back = await system.browser().toGithub();
    const victim = system.browser();
    await expectRefused(victim, await victim.get(back), 400, 'validation');
    await victim.get('/api/auth/github');
    await expectRefused(victim, await victim.get(back), 400, 'validation');
  });

  it.each(['', 'x', 'v1.a.b.c', '%00', '"', 'v1.'.padEnd(4_000, 'x')])(
    'with the cookie %j is refused',
    async (value) => {
      const browser = system.browser();
      const back = await browser.toGithub();
      const response = await browser.get(back, { cookie: `nexos_sign_in=${value}` });
      await expectRefused(browser, response, 400, 'validation');
    },
  );

  it('that comes again is refused: by us, and with a cookie that was kept, by GitHub', async () => {
    const browser = system.browser();
    const back = await browser.toGithub();
    const { value = '' } = browser.cookies.get('nexos_sign_in') ?? {};
    expect((await browser.get(back)).status).toBe(302);
    const again = system.browser();
    await expectRefused(again, await again.get(back), 400, 'validation');
    const response = await again.get(back, { cookie: `nexos_sign_in=${value}` });
    await expectRefused(again, response, 401, 'unauthenticated');
  });

  it('with a code that GitHub gave for another sign-in is refused, since that had another verifier', async () => {
    const other = new URL(await system.browser().toGithub());
    const browser = system.browser();
    const mine = new URL(await browser.toGithub());
    mine.searchParams.set('code', other.searchParams.get('code') ?? '');
    await expectRefused(browser, await browser.get(mine.href), 401, 'unauthenticated');
  });

  const TOKEN = '/login/oauth/access_token';
  const FAULTS: [string, string, Answer | null, number][] = [
    ['refuses the code', TOKEN, { status: 200, body: { error: 'bad_verification_code' } }, 401],
    ['wants the address verified', TOKEN, { status: 200, body: { error: 'unverified_user_email' } }, 401],
    [
      'does not know our secret',
      TOKEN,
      { status: 200, body: { error: 'incorrect_client_credentials' } },
      503,
    ],
    ['says something odd', TOKEN, { status: 200, body: { error: '<b>\u0000' } }, 503],
    ['answers null', TOKEN, { status: 200, body: null }, 503],
    ['answers a number for a token', TOKEN, { status: 200, body: { access_token: 7 } }, 503],
    ['knows no such app', TOKEN, { status: 404, body: { error: 'Not Found' } }, 503],
    ['breaks off', TOKEN, null, 503],
    ['fails at the user', '/api/v3/user', { status: 500, body: {} }, 503],
    ['breaks off at the user', '/api/v3/user', null, 503],
    ['has no number for the user', '/api/v3/user', { status: 200, body: { login: 'x' } }, 503],
    ['has no user', '/api/v3/user', { status: 200, body: null }, 503],
    ['limits us', '/api/v3/user', { status: 403, body: { message: 'API rate limit exceeded' } }, 503],
  ];

  it.each(FAULTS)('while GitHub %s is refused, and told why', async (_, path, fault, status) => {
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

describe('an installation where sign-in is not set up', () => {
  let bare: NexosStack;
  beforeAll(async () => {
    bare = await NexosStack.start(inject('system'), { apps: ['api'] });
  });
  afterAll(() => bare.stop());

  it.each(['/api/auth/github', `${CALLBACK}?code=x&state=y`])('says so at %s', async (path) => {
    const response = await fetch(`${bare.api.baseUrl}${path}`, { redirect: 'manual' });
    expect(response.status).toBe(404);
    expect((await problemOf(response)).detail).toContain('GITHUB_CLIENT_ID');
  });
});

describe('an installation that names nobody', () => {
  it('lets nobody sign in', async () => {
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
