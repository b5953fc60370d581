import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, PROMPT_MS } from '../../support/eventually.js';
import { ApiClient } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { ISO, anotherAccount, problemOf, refusedFields } from './api-fixture.js';

const run = promisify(execFile);
const DAY_MS = 86_400_000;

interface Key {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  last_used_at: string | null;
  expires_at: string | null;
}
type CreatedKey = Key & { key: string };

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

const fromNow = (ms: number) => new Date(Date.now() + ms).toISOString();
const create = (body: object, api = nexos.api) => api.post<CreatedKey>('/auth/api-keys', body);
const clientOf = ({ key }: CreatedKey) => new ApiClient(nexos.api.baseUrl, key);

describe('an API key', () => {
  it('is shown once, and works', async () => {
    const expiresAt = fromNow(DAY_MS);
    const body = { name: ' ci ', scopes: ['write', 'read'], expires_at: expiresAt };
    const response = await nexos.api.request('POST', '/auth/api-keys', body);
    expect(response.status).toBe(201);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const created = (await response.json()) as CreatedKey;
    expect(created).toEqual({
      id: expect.stringMatching(/^key_[0-9a-z]{26}$/) as string,
      name: 'ci',
      key: expect.stringMatching(/^nxs_[0-9a-f]{16}_[\w-]{43}$/) as string,
      prefix: created.key.slice(0, 20),
      scopes: ['read', 'write'],
      project_ids: null,
      created_at: ISO,
      expires_at: expiresAt,
    });
    expect((await clientOf(created).request('GET', '/projects')).status).toBe(200);
    const { key, ...listed } = {
      ...created,
      last_used_at: expect.toBeOneOf([ISO, null]) as null,
      last_used_address: expect.toBeOneOf(['127.0.0.1', null]) as null,
      last_used_user_agent: expect.toBeOneOf(['node', null]) as null,
    };
    const list = await nexos.api.get<Key[]>('/auth/api-keys');
    expect(list.find(({ id }) => id === created.id)).toEqual(listed);
    expect(JSON.stringify(list)).not.toContain(key.slice(21));
    expect(JSON.stringify(list)).not.toContain('argon2');
  });

  it('has all scopes and never expires by default', async () => {
    expect(await create({ name: 'plain' })).toMatchObject({
      scopes: ['read', 'write', 'admin'],
      expires_at: null,
    });
  });

  it('is described by /auth/me', async () => {
    const created = await create({ name: 'me', scopes: ['read'] });
    expect(await clientOf(created).get('/auth/me')).toEqual({
      id: expect.stringMatching(/^user_/) as string,
      name: 'operator',
      github_login: null,
      email: null,
      avatar_url: null,
      plan: 'operator',
      is_operator: true,
      created_at: ISO,
      credential: { type: 'api_key', id: created.id, scopes: ['read'], project_ids: null, expires_at: null },
    });
    const { api } = await anotherAccount(nexos, 'who');
    expect(await api.get('/auth/me')).toMatchObject({ name: 'who', plan: 'enterprise', is_operator: false });
  });

  it('stops working when it expires', async () => {
    const created = await create({ name: 'short', expires_at: fromNow(60_000) });
    expect((await clientOf(created).request('GET', '/auth/me')).status).toBe(200);
    await nexos.database.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [created.id]);
    const refused = await eventually('the key to be refused', async () => {
      const response = await clientOf(created).request('GET', '/auth/me');
      return response.status === 200 ? undefined : response;
    });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer /);
    await problemOf(refused);
  });

  it('expires on time while it is in use', async () => {
    const created = await create({ name: 'in use', expires_at: fromNow(1_500) });
    const began = Date.now();
    await eventually('the key to expire', async () =>
      (await clientOf(created).request('GET', '/auth/me')).status === 401 ? true : undefined,
    );
    expect(Date.now() - began).toBeLessThan(PROMPT_MS);
  });

  it('has its last use recorded at most once a minute', async () => {
    const created = await create({ name: 'used' });
    const used = () =>
      nexos.column<Date | null>('SELECT last_used_at FROM api_keys WHERE id = $1', [created.id]);
    expect(await used()).toEqual([null]);
    await Promise.all(Array.from({ length: 5 }, () => clientOf(created).get('/auth/me')));
    const first = await eventually('the use to be recorded', async () => (await used())[0] ?? undefined);
    await clientOf(created).get('/auth/me');
    await clientOf(created).get('/auth/me');
    expect(await used()).toEqual([first]);
    const list = await nexos.api.get<Key[]>('/auth/api-keys');
    expect(list.find(({ id }) => id === created.id)?.last_used_at).toBe(first.toISOString());
  });

  it('can be revoked once, and disappears from the list', async () => {
    const created = await create({ name: 'revoked' });
    expect((await clientOf(created).request('GET', '/auth/me')).status).toBe(200);
    const revoke = () => nexos.api.request('DELETE', `/auth/api-keys/${created.id}`);
    const response = await revoke();
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect((await clientOf(created).request('GET', '/auth/me')).status).toBe(401);
    const again = await revoke();
    expect(again.status).toBe(404);
    await problemOf(again);
    const list = await nexos.api.get<Key[]>('/auth/api-keys');
    expect(list.filter(({ id }) => id === created.id)).toEqual([]);
  });

  it('creates no key that expires after itself', async () => {
    const expires_at = fromNow(60 * 60_000);
    const creator = clientOf(await create({ name: 'for an hour', expires_at }));
    expect((await create({ name: 'as long' }, creator)).expires_at).toBe(expires_at);
    expect(
      (await create({ name: 'shorter', expires_at: fromNow(60_000) }, creator)).expires_at,
    ).not.toBeNull();
    const later = { name: 'longer', expires_at: fromNow(2 * 60 * 60_000) };
    expect(await refusedFields(await creator.request('POST', '/auth/api-keys', later))).toEqual([
      'expires_at',
    ]);
  });

  it('can revoke itself', async () => {
    const created = await create({ name: 'self-revoking' });
    expect((await clientOf(created).request('DELETE', `/auth/api-keys/${created.id}`)).status).toBe(204);
    expect((await clientOf(created).request('GET', '/auth/me')).status).toBe(401);
  });

  it('can be neither listed nor revoked by another account', async () => {
    const mine = await create({ name: 'mine' });
    const { api } = await anotherAccount(nexos, 'stranger');
    const list = await api.get<Key[]>('/auth/api-keys');
    expect(list.map(({ name }) => name)).toEqual(['test']);
    const response = await api.request('DELETE', `/auth/api-keys/${mine.id}`);
    expect(response.status).toBe(404);
    await problemOf(response);
    expect((await clientOf(mine).request('GET', '/auth/me')).status).toBe(200);
  });

  it.each(['x', '%00', 'key_' + '0'.repeat(26), 'proj_' + '0'.repeat(26), 'x'.repeat(190)])(
    'is not found as %s',
    async (id) => {
      const response = await nexos.api.request('DELETE', `/auth/api-keys/${id}`);
      expect(response.status).toBe(404);
      await problemOf(response);
    },
  );
});

describe('the list of API keys', () => {
  it('is paged, newest first', async () => {
    const { api } = await anotherAccount(nexos, 'pages');
    for (let number = 1; number <= 4; number++) await create({ name: `k${number}` }, api);
    const names: string[] = [];
    for (let path: string | undefined = '/auth/api-keys?limit=2'; path !== undefined;) {
      const response = await api.request('GET', path);
      const page = (await response.json()) as Key[];
      expect(page.length).toBeLessThanOrEqual(2);
      names.push(...page.map(({ name }) => name));
      path = /^<\/api([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
    }
    expect(names).toEqual(['k4', 'k3', 'k2', 'k1', 'test']);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=x', 'limit'],
    ['cursor=x', 'cursor'],
    ['cursor=%00', 'cursor'],
    ['cursor=a&cursor=b', 'cursor'],
    ['other=1', 'other'],
  ])('rejects ?%s', async (query, field) => {
    expect(await refusedFields(await nexos.api.request('GET', `/auth/api-keys?${query}`))).toEqual([field]);
  });

  it('is limited to 100 keys, even for concurrent requests, until one is revoked or expires', async () => {
    const { api } = await anotherAccount(nexos, 'many');
    await nexos.database.query(
      `INSERT INTO api_keys (id, account_id, key_id, secret_hash, name)
       SELECT 'key_' || lpad(n::text, 26, '0'), account_id, 'many' || n, 'x', 'many' || n
       FROM api_keys, generate_series(1, 97) n WHERE account_id = (SELECT id FROM accounts WHERE name = 'many')`,
    );
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, n) => api.request('POST', '/auth/api-keys', { name: `last ${n}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    for (const answer of answers.filter(({ status }) => status === 409)) await problemOf(answer);
    await api.request('DELETE', `/auth/api-keys/key_${'1'.padStart(26, '0')}`);
    expect((await api.request('POST', '/auth/api-keys', { name: 'room' })).status).toBe(201);
    expect((await api.request('POST', '/auth/api-keys', { name: 'none left' })).status).toBe(409);
    await nexos.database.query(`UPDATE api_keys SET expires_at = now() WHERE key_id = 'many2'`);
    expect((await api.request('POST', '/auth/api-keys', { name: 'for one expired' })).status).toBe(201);
  });
});

describe('POST /auth/api-keys', () => {
  const BAD: [string, unknown, string[]][] = [
    ['an empty body', {}, ['name']],
    ['null as the name', { name: null }, ['name']],
    ['a number as the name', { name: 1 }, ['name']],
    ['an empty name', { name: '' }, ['name']],
    ['a blank name', { name: ' \u00a0' }, ['name']],
    ['a name with NUL', { name: 'a\u0000' }, ['name']],
    ['a long name', { name: 'x'.repeat(101) }, ['name']],
    ['a list as the name', { name: ['a'] }, ['name']],
    ['text as the scopes', { name: 'a', scopes: 'read' }, ['scopes']],
    ['no scopes', { name: 'a', scopes: [] }, ['scopes']],
    ['null as the scopes', { name: 'a', scopes: null }, ['scopes']],
    ['an unknown scope', { name: 'a', scopes: ['read', 'root'] }, ['scopes']],
    ['a scope twice', { name: 'a', scopes: ['read', 'read'] }, ['scopes']],
    ['a nested scope', { name: 'a', scopes: [['read']] }, ['scopes']],
    ['an object as the scopes', { name: 'a', scopes: { length: 1, 0: 'read' } }, ['scopes']],
    ['an Object property as a scope', { name: 'a', scopes: ['constructor'] }, ['scopes']],
    ['null as the expiry', { name: 'a', expires_at: null }, ['expires_at']],
    ['a number as the expiry', { name: 'a', expires_at: 4_102_444_800_000 }, ['expires_at']],
    ['a date without a time', { name: 'a', expires_at: '2030-01-31' }, ['expires_at']],
    ['a time without a zone', { name: 'a', expires_at: '2030-01-31T12:00:00' }, ['expires_at']],
    ['a nonexistent day', { name: 'a', expires_at: '2030-02-30T12:00:00Z' }, ['expires_at']],
    ['a nonexistent hour', { name: 'a', expires_at: '2030-02-20T25:00:00Z' }, ['expires_at']],
    ['a nonexistent zone', { name: 'a', expires_at: '2030-02-20T12:00:00+99:00' }, ['expires_at']],
    ['an expiry with NUL', { name: 'a', expires_at: '2030-02-20T12:00:00Z\u0000' }, ['expires_at']],
    ['an expiry in the past', { name: 'a', expires_at: fromNow(-1_000) }, ['expires_at']],
    ['an expiry in 11 years', { name: 'a', expires_at: fromNow(11 * 366 * DAY_MS) }, ['expires_at']],
    ['a list as the expiry', { name: 'a', expires_at: ['2030-02-20T12:00:00Z'] }, ['expires_at']],
    ['unknown fields', { name: 'a', id: 'key_x', account_id: 'user_x' }, ['account_id', 'id']],
    ['all fields invalid', { name: '', scopes: 1, expires_at: 'soon' }, ['expires_at', 'name', 'scopes']],
  ];

  it.each(BAD)('rejects %s and creates no key', async (_, body, fields) => {
    const before = await nexos.column('SELECT count(*) FROM api_keys');
    expect(await refusedFields(await nexos.api.request('POST', '/auth/api-keys', body))).toEqual(fields);
    expect(await nexos.column('SELECT count(*) FROM api_keys')).toEqual(before);
  });

  it.each(['2030-01-31T12:00Z', '2030-01-31T12:00:00.123456+05:30'])('accepts %s', async (expires_at) => {
    expect(await create({ name: 'a', expires_at })).toMatchObject({
      expires_at: new Date(expires_at).toISOString(),
    });
  });
});

describe('the create-api-key command', () => {
  const COMMAND = 'dist/apps/api/src/commands/create-api-key.js';
  const command = (...args: string[]) =>
    run(process.execPath, [COMMAND, ...args], { env: { ...process.env, ...nexos.env } });

  it('creates a key with the given scopes', async () => {
    const { stdout } = await command('--name', 'narrow', '--scopes', 'write, read');
    const me = await new ApiClient(nexos.api.baseUrl, stdout.trim()).get('/auth/me');
    expect(me).toMatchObject({ is_operator: true, credential: { scopes: ['read', 'write'] } });
  });

  it.each([[['--scopes', 'read']], [['--name', 'a', '--scopes', 'root']], [['--name', 'a', '--scopes', '']]])(
    'creates no key for %j',
    async (args) => {
      await expect(command(...args)).rejects.toMatchObject({ code: 2, stdout: '' });
    },
  );
});
