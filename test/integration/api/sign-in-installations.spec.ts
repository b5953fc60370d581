import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { testUser, type TestUser } from '../../support/github-oauth/test-user.js';
import { APP_ENV, APP_ID } from './app-access-fixture.js';
import { startSignIn, type SignInSystem } from './sign-in-fixture.js';

const PATH = '/api/v3/user/installations';

let system: SignInSystem;
beforeAll(async () => {
  system = await startSignIn(inject('system'), APP_ENV);
});
afterEach(() => {
  system.github.faults.clear();
});
afterAll(() => system.stop());

/** Signs a user in; returns the installations that the account is linked to. */
async function signIn(user: TestUser): Promise<number[]> {
  system.github.visitor = user;
  expect((await system.browser().signIn()).status).toBe(302);
  const ids = await system.nexos.column<string>(
    `SELECT installation_id FROM account_installations
     WHERE account_id = (SELECT id FROM accounts WHERE github_id = $1) ORDER BY installation_id`,
    [user.id],
  );
  return ids.map(Number);
}
/** Has GitHub say which client the App has; that of the sign-in is `Iv1.test`. */
const nameClient = (clientId: string) => {
  const body = { name: 'Nexos', html_url: 'https://github.example/apps/nexos', client_id: clientId };
  system.github.faults.set('/api/v3/app', { status: 200, body });
};
const lists = (user: TestUser, ids: readonly number[], appId = Number(APP_ID)) => {
  const installations = ids.map((id) => ({
    id,
    app_id: appId,
    account: { id: 70_000 + id, login: `owner-${id}`, type: 'Organization' },
  }));
  system.github.installations.set(user.id, installations);
};

describe('a sign-in', () => {
  it('replaces the installations that the account is linked to', async () => {
    const user = testUser();
    lists(user, [1, 2]);
    expect(await signIn(user)).toEqual([1, 2]);
    lists(user, [2, 3]);
    expect(await signIn(user)).toEqual([2, 3]);
    nameClient('Iv1.test');
    lists(user, []);
    expect(await signIn(user)).toEqual([]);
  });

  it('has GitHub asked about an installation that no event has told of, and shows it', async () => {
    const user = testUser();
    await system.nexos.database.query(
      `INSERT INTO github_installations (id, owner_id, owner_login, owner_type, repository_selection, status, changed_at, list_at)
       VALUES (4002, 1, 'known', 'User', 'all', 'suspended', now(), now() + interval '1 day')`,
    );
    lists(user, [4_001, 4_002]);
    await signIn(user);
    const rows = await system.nexos.column<object>(
      `SELECT to_jsonb(one) FROM (SELECT id, owner_login, owner_type, status, list_at <= now() AS due
         FROM github_installations WHERE id IN (4001, 4002) ORDER BY id) AS one`,
    );
    expect(rows).toEqual([
      { id: 4_001, owner_login: 'owner-4001', owner_type: 'Organization', status: 'active', due: true },
      { id: 4_002, owner_login: 'known', owner_type: 'User', status: 'suspended', due: false },
    ]);
  });

  it('reads all pages, and ignores installations of other Apps', async () => {
    const user = testUser();
    const ids = Array.from({ length: 205 }, (_, index) => index + 1);
    lists(user, ids);
    expect(await signIn(user)).toEqual(ids);
    lists(user, [9], 1);
    nameClient('Iv1.test');
    expect(await signIn(user)).toEqual([]);
  });

  it.each([
    ['has other installations', [9]],
    ['has none', []],
  ])('through another App keeps the links, if that one %s', async (_, ids) => {
    const user = testUser();
    lists(user, [5]);
    await signIn(user);
    nameClient('Iv1.ours');
    lists(user, ids, 1);
    expect(await signIn(user)).toEqual([5]);
  });

  it.each([
    ['an OAuth App, which may not list them', { status: 403, body: { message: 'You must authenticate' } }],
    ['a limit', { status: 429, body: { message: 'slow down' } }],
    ['an outage', { status: 502, body: {} }],
    ['an answer that is no list', { status: 200, body: 'text' }],
    ['a dropped connection', null],
  ])('succeeds and keeps the links with %s', async (_, fault) => {
    const user = testUser();
    lists(user, [5]);
    await signIn(user);
    system.github.faults.set(PATH, fault);
    expect(await signIn(user)).toEqual([5]);
  });

  it('keeps no token', async () => {
    const user = testUser();
    lists(user, [6]);
    await signIn(user);
    const { home } = inject('system');
    const log = readFileSync(join(home, 'test', system.nexos.instance, 'api.log'), 'utf8');
    const rows = await system.nexos.column<object>(
      'SELECT to_jsonb(a) FROM accounts a UNION ALL SELECT to_jsonb(i) FROM account_installations i',
    );
    for (const token of system.github.tokens()) {
      expect(log).not.toContain(token);
      expect(JSON.stringify(rows)).not.toContain(token);
    }
  });

  it('does not ask without a GitHub App', async () => {
    const without = await startSignIn(inject('system'));
    try {
      without.github.visitor = testUser();
      expect((await without.browser().signIn()).status).toBe(302);
      expect(without.github.requests).not.toContain(`GET ${PATH}`);
    } finally {
      await without.stop();
    }
  });
});
