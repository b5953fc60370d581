import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { anotherAccount, createProject, problemOf, refusedFields } from './api-fixture.js';

interface Variable {
  key: string;
  value: string;
  branch: string | null;
}

let nexos: SharedApi;
let project: string;
let other: Awaited<ReturnType<typeof anotherAccount>>;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  other = await anotherAccount(nexos, 'variables');
});
afterAll(() => nexos.leave());
beforeEach(async () => {
  project = (await createProject(nexos)).id;
});

const put = (body: unknown) => nexos.api.request('PUT', `/projects/${project}/env-vars`, body);
const count = () => nexos.column<string>('SELECT count(*) FROM env_vars WHERE project_id = $1', [project]);

/** Sends a raw body as the other account. */
function raw(to: string, body: string | Buffer, type = 'text/plain', method = 'PUT'): Promise<Response> {
  return fetch(`${nexos.api.baseUrl}/api${to}`, {
    method,
    headers: { authorization: `Bearer ${other.key}`, 'content-type': type },
    body,
  });
}

async function otherProject(): Promise<string> {
  const body = { name: 'theirs', github_repo: 'acme/theirs' };
  return (await other.api.post<{ id: string }>('/projects', body)).id;
}

describe('PUT /projects/{id}/env-vars', () => {
  it.each<[string, unknown, string[]]>([
    ['an empty body', {}, ['key', 'value']],
    ['an empty key', { key: '', value: 'v' }, ['key']],
    ['a key with a dash', { key: 'A-B', value: 'v' }, ['key']],
    ['a key that begins with a digit', { key: '1A', value: 'v' }, ['key']],
    ['a key with a line feed', { key: 'A\n', value: 'v' }, ['key']],
    ['a key with NUL', { key: 'A\0', value: 'v' }, ['key']],
    ['a key with non-ASCII letters', { key: 'Ä', value: 'v' }, ['key']],
    ['a key that is too long', { key: 'A'.repeat(129), value: 'v' }, ['key']],
    ['a key that is not text', { key: ['A'], value: 'v' }, ['key']],
    ...['PORT', 'DATABASE_URL', 'REDIS_URL', 'S3_BUCKET', 'NEXOS_URL', 'NEXOS_'].map(
      (key): [string, unknown, string[]] => [`the reserved ${key}`, { key, value: 'v' }, ['key']],
    ),
    ['a value that is not text', { key: 'A', value: 1 }, ['value']],
    ['a null value', { key: 'A', value: null }, ['value']],
    ['a value with NUL', { key: 'A', value: 'a\0' }, ['value']],
    ['a value with a lone surrogate', { key: 'A', value: '\ud800' }, ['value']],
    ['a value that is too long', { key: 'A', value: 'x'.repeat(32_769) }, ['value']],
    ['a value with too many bytes', { key: 'A', value: '日'.repeat(30_000) }, ['value']],
    ['a value of half a megabyte', { key: 'A', value: 'x'.repeat(500_000) }, ['value']],
    ['a branch that is not text', { key: 'A', value: 'v', branch: 1 }, ['branch']],
    ['an invalid branch', { key: 'A', value: 'v', branch: 'bad..x' }, ['branch']],
    ['a branch with NUL', { key: 'A', value: 'v', branch: 'a\0' }, ['branch']],
    ['a branch that is too long', { key: 'A', value: 'v', branch: 'x'.repeat(256) }, ['branch']],
    ['an unknown field', { key: 'A', value: 'v', id: 'var_1' }, ['id']],
    ['both forms', { key: 'A', value: 'v', variables: [{ key: 'A', value: 'v' }] }, ['key', 'value']],
  ])('rejects %s, naming the fields but never the value', async (_, body, fields) => {
    const response = await put(body);
    const text = await response.clone().text();
    expect(await refusedFields(response)).toEqual(fields);
    expect(text.length).toBeLessThan(1_000);
    expect(await count()).toEqual(['0']);
  });

  it.each(['[]', '"A=1"', '1', 'true', 'null', '{', '', '{"__proto__": {"key": "A"}}'])(
    'rejects the JSON body %j',
    async (text) => {
      const theirs = await otherProject();
      const response = await raw(`/projects/${theirs}/env-vars`, text, 'application/json');
      expect(response.status).toBe(400);
      await problemOf(response);
    },
  );

  it('accepts keys, values and branches of maximum length', async () => {
    const longest = { key: 'A'.repeat(128), value: 'x'.repeat(32_768), branch: 'b'.repeat(255) };
    expect((await put(longest)).status).toBe(200);
    expect((await put({ key: 'B', value: 'é'.repeat(32_768) })).status).toBe(200);
    expect((await put({ key: 'C', value: ' \n\t"\'$(x) 🚀 ' })).status).toBe(200);
  });
});

describe('.env text', () => {
  it('sets all of its variables, for one branch if requested', async () => {
    const theirs = await otherProject();
    const text = '# all\nA=1\nexport B="two\nlines"\n';
    const response = await raw(
      `/projects/${theirs}/env-vars?branch=feature/*`,
      text,
      'text/plain; charset=utf-8',
    );
    expect(response.status).toBe(200);
    const rows = (await response.json()) as Variable[];
    expect(rows.map(({ key, value, branch }) => [key, value, branch])).toEqual([
      ['A', '********', 'feature/*'],
      ['B', '********', 'feature/*'],
    ]);
  });

  it('is rejected with its invalid lines, and nothing of it is stored', async () => {
    const theirs = await otherProject();
    const to = `/projects/${theirs}/env-vars`;
    const text = 'A=1\nsecret nonsense\nPORT=2\nA=3\n';
    const response = await raw(to, text);
    expect(await response.clone().text()).not.toContain('secret');
    expect(await refusedFields(response)).toEqual(['lines.2', 'lines.3', 'lines.4']);
    expect(await refusedFields(await raw(to, ''))).toEqual(['lines']);
    expect(await refusedFields(await raw(to, Buffer.from([0x41, 0x3d, 0xff])))).toEqual(['lines']);
    expect(await refusedFields(await raw(`${to}?branch=%00`, 'A=1'))).toEqual(['branch']);
    expect(await refusedFields(await raw(`${to}?branch=a&branch=b`, 'A=1'))).toEqual(['branch']);
    expect((await raw(to, 'A'.repeat(1_100_000))).status).toBe(413);
    expect(await other.api.get(to)).toEqual([]);
  });

  it('is accepted by no other route, and its branch parameter not with JSON', async () => {
    const theirs = await otherProject();
    const to = `/projects/${theirs}/env-vars`;
    expect(
      await refusedFields(await raw(`${to}?branch=main`, '{"key":"A","value":"v"}', 'application/json')),
    ).toEqual(['branch']);
    for (const [where, type, method] of [
      ['/projects', 'text/plain', 'POST'],
      ['/webhooks/github', 'text/plain', 'POST'],
      [to, 'text/html', 'PUT'],
      [to, 'application/x-www-form-urlencoded', 'PUT'],
      [to, 'text/plainer', 'PUT'],
    ] as const) {
      const response = await raw(where, 'A=1', type, method);
      expect(response.status).toBe(415);
      await problemOf(response);
    }
    expect((await raw('/nowhere', 'A=1', 'text/plain', 'POST')).status).toBe(404);
  });
});
