import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { testUser } from '../../support/github-oauth/test-user.js';
import { locationOf } from '../../support/nexos/browser.js';
import { ISO, problemOf, refusedFields } from './api-fixture.js';
import { CLIENT_SECRET, DASHBOARD, startSignIn, type SignInSystem } from './sign-in-fixture.js';

interface Me {
  id: string;
  email: string | null;
  credential: { type: string; id: string };
}

let system: SignInSystem;
beforeAll(async () => {
  system = await startSignIn(inject('system'));
});
afterAll(() => system.stop());

const accounts = (githubId: number | bigint) =>
  system.nexos.column<string>('SELECT id FROM accounts WHERE github_id = $1', [githubId]);

describe('sign-in', () => {
  it('sends the browser to GitHub with a state, a PKCE challenge and no secret', async () => {
    const browser = system.browser();
    const url = new URL(locationOf(await browser.get('/api/auth/github')));
    expect(url.origin + url.pathname).toBe(`${system.github.url}/login/oauth/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'Iv1.test',
      redirect_uri: `${browser.baseUrl}/api/auth/github/callback`,
      scope: 'read:user user:email',
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    });
    const { header = '' } = browser.cookies.get('nexos_sign_in') ?? {};
    expect(header).toMatch(
      /; Max-Age=600; Path=\/api\/auth\/github; Expires=|; Max-Age=600; Path=\/api\/auth\/github/,
    );
    expect(header).toMatch(/; HttpOnly/);
    expect(header).toMatch(/; SameSite=Lax/);
    expect(header).not.toContain(url.searchParams.get('state'));
  });

  it('creates a session of the account of the user', async () => {
    const user = testUser();
    system.github.visitor = user;
    const browser = system.browser();
    const response = await browser.signIn();
    expect(locationOf(response)).toBe('/api/auth/me');
    expect([...browser.cookies.keys()]).toEqual(['nexos_session']);
    const { header = '' } = browser.cookies.get('nexos_session') ?? {};
    expect(header).toMatch(/; Max-Age=604800; Path=\/api;/);
    expect(header).toMatch(/; HttpOnly/);
    expect(header).toMatch(/; SameSite=Lax/);
    // A Secure cookie would not come back over plain HTTP.
    expect(header).not.toMatch(/Secure/);
    expect(await (await browser.get('/api/auth/me')).json()).toEqual({
      id: (await accounts(user.id))[0],
      name: user.name,
      github_login: user.login,
      email: user.email,
      avatar_url: user.avatar_url,
      plan: 'free',
      is_operator: false,
      created_at: ISO,
      credential: {
        type: 'session',
        id: expect.stringMatching(/^sess_[0-9a-z]{26}$/) as string,
        scopes: ['read', 'write', 'admin'],
        project_ids: null,
        expires_at: ISO,
      },
    });
    expect((await browser.get('/api/projects')).status).toBe(200);
  });

  it('finds an existing account and updates it from GitHub', async () => {
    const user = testUser();
    system.github.visitor = user;
    await system.browser().signIn();
    system.github.visitor = { ...user, login: 'renamed', name: null, email: null };
    const browser = system.browser();
    await browser.signIn();
    const me = await (await browser.get('/api/auth/me')).json();
    expect(me).toMatchObject({ name: 'renamed', github_login: 'renamed', email: null });
    expect(await accounts(user.id)).toHaveLength(1);
  });

  it('creates one account for concurrent first sign-ins', async () => {
    const user = testUser();
    system.github.visitor = user;
    const answers = await Promise.all(Array.from({ length: 6 }, () => system.browser().signIn()));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(302));
    expect(await accounts(user.id)).toHaveLength(1);
  });

  it('uses the verified primary email when none is public', async () => {
    const emails = [
      { email: 'second@example.com', primary: false, verified: true, visibility: null },
      { email: 'first@example.com', primary: true, verified: true, visibility: 'private' },
    ];
    system.github.visitor = testUser({ email: null, emails });
    const browser = system.browser();
    await browser.signIn();
    expect(((await (await browser.get('/api/auth/me')).json()) as Me).email).toBe('first@example.com');

    system.github.visitor = testUser({
      email: null,
      emails: [{ email: 'unverified@example.com', primary: true, verified: false, visibility: null }],
    });
    await browser.signIn();
    expect(((await (await browser.get('/api/auth/me')).json()) as Me).email).toBeNull();
  });

  it('works without an email when GitHub does not reveal it', async () => {
    system.github.visitor = testUser({ email: null });
    system.github.faults.set('/api/v3/user/emails', { status: 404, body: { message: 'Not Found' } });
    const browser = system.browser();
    await browser.signIn();
    system.github.faults.clear();
    expect(((await (await browser.get('/api/auth/me')).json()) as Me).email).toBeNull();
  });

  it('cleans and truncates the name from GitHub before storing it', async () => {
    system.github.visitor = testUser({ name: 'a\u0000b\nc'.padEnd(9_000, 'x') });
    const browser = system.browser();
    expect((await browser.signIn()).status).toBe(302);
    expect(await (await browser.get('/api/auth/me')).json()).toMatchObject({ name: 'abc'.padEnd(500, 'x') });
  });

  it('stores no token or secret in the database or the log', async () => {
    system.github.visitor = testUser();
    const browser = system.browser();
    await browser.signIn();
    const rows = await system.nexos.column<object>(
      'SELECT to_jsonb(a) FROM accounts a UNION ALL SELECT to_jsonb(s) FROM sessions s',
    );
    const { home } = inject('system');
    const log = readFileSync(join(home, 'test', system.nexos.instance, 'api.log'), 'utf8');
    const session = browser.cookies.get('nexos_session')?.value ?? 'none';
    expect(system.github.tokens().length).toBeGreaterThan(0);
    for (const secret of [...system.github.tokens(), CLIENT_SECRET, session]) {
      expect(JSON.stringify(rows)).not.toContain(secret);
      expect(log).not.toContain(secret);
    }
  });

  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/a b',
    '/\u0000',
    `/${'x'.repeat(500)}`,
  ])('rejects the return path %j', async (path) => {
    const response = await system.browser().get(`/api/auth/github?return_to=${encodeURIComponent(path)}`);
    expect(await refusedFields(response)).toEqual(['return_to']);
  });
});

describe('sign-in with a dashboard, HTTPS and an allow list', () => {
  let named: SignInSystem;
  beforeAll(async () => {
    named = await startSignIn(inject('system'), {
      PUBLIC_API_URL: 'https://api.example.com',
      DASHBOARD_URL: DASHBOARD,
      SIGN_IN_ALLOWED: 'Octo-Cat,other',
    });
  });
  afterAll(() => named.stop());

  it('admits a listed user in any letter case, and redirects to the dashboard', async () => {
    named.github.visitor = testUser({ login: 'octo-cat' });
    expect(locationOf(await named.browser().signIn())).toBe(DASHBOARD);
    const there = await named.browser().signIn('?return_to=/projects%3Ftab=1');
    expect(locationOf(there)).toBe(`${DASHBOARD}/projects?tab=1`);
  });

  it('sets Secure cookies', async () => {
    named.github.visitor = testUser({ login: 'other' });
    const browser = named.browser();
    await browser.get('/api/auth/github');
    expect(browser.cookies.get('nexos_sign_in')?.header).toMatch(/; Secure/);
    await browser.signIn();
    expect(browser.cookies.get('nexos_session')?.header).toMatch(/; Secure/);
  });

  it('rejects a user who is not listed', async () => {
    const user = testUser({ login: 'octo-cat-2' });
    named.github.visitor = user;
    const browser = named.browser();
    const response = await browser.signIn();
    expect(response.status).toBe(403);
    expect((await problemOf(response)).type).toBe('urn:nexos:problem:forbidden');
    expect(browser.cookies.size).toBe(0);
    expect(await named.nexos.column('SELECT id FROM accounts WHERE github_id = $1', [user.id])).toEqual([]);
  });
});
