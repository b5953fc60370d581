import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { ISO, anotherAccount, createProject, problemOf, refusedFields } from './api-fixture.js';

interface Variable {
  id: string;
  key: string;
  value: string;
  branch: string | null;
  secret: boolean;
  created_at: string;
  updated_at: string;
}

let nexos: SharedApi;
let other: Awaited<ReturnType<typeof anotherAccount>>;
let project: string;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  other = await anotherAccount(nexos, 'variables');
});
afterAll(() => nexos.leave());
beforeEach(async () => {
  project = (await createProject(nexos)).id;
});

const path = () => `/projects/${project}/env-vars`;
const put = (body: unknown) => nexos.api.request('PUT', path(), body);
const list = () => nexos.api.get<Variable[]>(path());
const count = () => nexos.column<string>('SELECT count(*) FROM env_vars WHERE project_id = $1', [project]);
const sealed = () =>
  nexos.column<string>('SELECT sealed_value FROM env_vars WHERE project_id = $1 ORDER BY id', [project]);

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

describe('a variable', () => {
  it('is set, masked in responses, updated in place and deleted once', async () => {
    const response = await put({ key: 'API_TOKEN', value: 'a secret value' });
    expect(response.status).toBe(200);
    const variable = (await response.json()) as Variable;
    expect(variable).toEqual({
      id: expect.stringMatching(/^var_[0-9a-z]{26}$/) as string,
      key: 'API_TOKEN',
      value: '********',
      branch: null,
      secret: true,
      build: null,
      created_at: ISO,
      updated_at: ISO,
    });
    expect(await list()).toEqual([variable]);
    const [before] = await sealed();
    const again = (await (await put({ key: 'API_TOKEN', value: '' })).json()) as Variable;
    expect(again).toEqual({ ...variable, updated_at: ISO });
    expect(Date.parse(again.updated_at)).toBeGreaterThan(Date.parse(variable.updated_at));
    expect(await sealed()).not.toEqual([before]);

    const deleted = await nexos.api.request('DELETE', `${path()}/${variable.id}`);
    expect(deleted.status).toBe(204);
    expect(await deleted.text()).toBe('');
    const twice = await nexos.api.request('DELETE', `${path()}/${variable.id}`);
    expect(twice.status).toBe(404);
    await problemOf(twice);
    expect(await list()).toEqual([]);
  });

  it('is separate for each branch', async () => {
    for (const branch of [undefined, '', null, 'main', 'feature/**']) {
      await put({ key: 'A', value: 'v', ...(branch === undefined ? {} : { branch }) });
    }
    expect((await list()).map(({ branch }) => branch).sort()).toEqual(['feature/**', 'main', null]);
  });

  it('is never stored in plain text', async () => {
    await put({ key: 'A', value: 'planted-plaintext' });
    const rows = await nexos.column<string>('SELECT env_vars::text FROM env_vars');
    expect(rows.join()).not.toContain('planted');
    expect(rows.join()).not.toContain(Buffer.from('planted-plain').toString('base64url').slice(0, 12));
  });

  it('is listed in pages', async () => {
    await put({ variables: Array.from({ length: 5 }, (_, i) => ({ key: `K${i}`, value: 'v' })) });
    const first = await nexos.api.request('GET', `${path()}?limit=3`);
    const next = /<\/api([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const keys = [...((await first.json()) as Variable[]), ...(await nexos.api.get<Variable[]>(next))];
    expect(keys.map(({ key }) => key).sort()).toEqual(['K0', 'K1', 'K2', 'K3', 'K4']);
  });

  it('is never revealed', async () => {
    await put({ key: 'A', value: 'v' });
    for (const query of ['reveal', 'reveal=true']) {
      expect(await refusedFields(await nexos.api.request('GET', `${path()}?${query}`))).toEqual(['reveal']);
    }
    expect(
      await refusedFields(await nexos.api.request('PUT', `${path()}?reveal=1`, { key: 'A', value: 'v' })),
    ).toEqual(['reveal']);
  });
});

describe('PUT /projects/{id}/env-vars with several variables', () => {
  it('returns the variables as a list, in the given order', async () => {
    await put({ key: 'B', value: 'old' });
    const response = await put({
      variables: [
        { key: 'C', value: '1', branch: 'main' },
        { key: 'B', value: '2' },
        { key: 'A', value: '3' },
      ],
    });
    expect(response.status).toBe(200);
    const rows = (await response.json()) as Variable[];
    expect(rows.map(({ key, branch, value }) => [key, branch, value])).toEqual([
      ['C', 'main', '********'],
      ['B', null, '********'],
      ['A', null, '********'],
    ]);
  });

  it('rejects all variables when one is invalid', async () => {
    const variables = [
      { key: 'A', value: '1' },
      { key: '1B', value: 'x' },
      { key: 'PORT', value: 'x' },
      { key: 'C', value: 7, extra: 1 },
      { key: 'D', value: '1', branch: 'x'.repeat(256) },
      { value: '1' },
    ];
    const fields = await refusedFields(await put({ variables }));
    expect(fields).toEqual(
      expect.arrayContaining([
        'variables.1.key',
        'variables.2.key',
        'variables.3.extra',
        'variables.3.value',
        'variables.4.branch',
        'variables.5.key',
      ]),
    );
    expect(fields).not.toContain('variables.0.key');
    expect(await count()).toEqual(['0']);
  });

  it.each([
    [
      'duplicates',
      [
        { key: 'A', value: '1' },
        { key: 'A', value: '2', branch: '' },
      ],
      ['variables.1.key'],
    ],
    ['an empty list', [], ['variables']],
    ['an object', {}, ['variables']],
    ['text', 'A=1', ['variables']],
    ['null', null, ['variables']],
    ['a nested list', [[{ key: 'A', value: '1' }]], null],
    ['numbers', [1, 2], null],
    ['too many', Array.from({ length: 501 }, (_, i) => ({ key: `K${i}`, value: '' })), ['variables']],
  ])('rejects variables that are %s', async (_, variables, fields) => {
    const refused = await refusedFields(await put({ variables }));
    if (fields === null) expect(refused[0]).toMatch(/^variables/);
    else expect(refused).toEqual(fields);
    expect(await count()).toEqual(['0']);
  });

  it('limits a project to 500 variables, even for concurrent requests', async () => {
    const many = (prefix: string, length: number) =>
      put({ variables: Array.from({ length }, (_, i) => ({ key: `${prefix}${i}`, value: 'v' })) });
    const answers = await Promise.all(['A', 'B', 'C', 'D', 'E', 'F'].map((prefix) => many(prefix, 100)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 409]);
    expect(await count()).toEqual(['500']);
    const refused = await put({ key: 'ONE_MORE', value: 'v' });
    expect(refused.status).toBe(409);
    expect((await problemOf(refused)).detail).toContain('500');
    const [known] = await list();
    expect((await put({ key: known?.key, value: 'new' })).status).toBe(200);
  });

  it('limits the number of globs and the total size of variables', async () => {
    const globs = Array.from({ length: 51 }, (_, i) => ({ key: 'A', value: 'v', branch: `b${i}/*` }));
    expect((await put({ variables: globs })).status).toBe(409);
    for (let i = 0; i < 16; i++)
      expect((await put({ key: `K${i}`, value: 'x'.repeat(32_768) })).status).toBe(200);
    const full = await put({ key: 'K16', value: 'x'.repeat(32_768) });
    expect(full.status).toBe(409);
    await problemOf(full);
    expect(await count()).toEqual(['16']);
  });

  it('stores one row per variable for concurrent requests', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        put({
          variables: [
            { key: i % 2 === 0 ? 'A' : 'B', value: `${i}` },
            { key: i % 2 === 0 ? 'B' : 'A', value: `${i}` },
          ],
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(await count()).toEqual(['2']);
  });
});

describe('the variables of a project', () => {
  it('cannot be reached by another account', async () => {
    const variable = (await (await put({ key: 'A', value: 'v' })).json()) as Variable;
    const theirs = await otherProject();
    const requests: [string, string, unknown?][] = [
      ['GET', path()],
      ['PUT', path(), { key: 'A', value: 'stolen' }],
      ['PUT', path(), { variables: [{ key: 'B', value: 'stolen' }] }],
      ['DELETE', `${path()}/${variable.id}`],
      ['DELETE', `/projects/${theirs}/env-vars/${variable.id}`],
    ];
    const before = await sealed();
    for (const [method, to, body] of requests) {
      const response = await other.api.request(method, to, body);
      expect(response.status).toBe(404);
      await problemOf(response);
    }
    expect((await raw(path(), 'A=1')).status).toBe(404);
    expect(await sealed()).toEqual(before);
  });

  it.each(['x', 'proj_x', `env_${'0'.repeat(26)}`, `proj_${'0'.repeat(26)}`, '%00'])(
    'cannot be reached under the id %s',
    async (id) => {
      for (const [method, to] of [
        ['GET', `/projects/${id}/env-vars`],
        ['PUT', `/projects/${id}/env-vars`],
        ['DELETE', `/projects/${id}/env-vars/var_1`],
        ['DELETE', `${path()}/${id}`],
      ] as const) {
        const body = method === 'PUT' ? { key: 'A', value: 'v' } : undefined;
        expect((await nexos.api.request(method, to, body)).status).toBe(404);
      }
    },
  );

  it('cannot change while the project is being deleted, and disappear with it', async () => {
    const variable = (await (await put({ key: 'A', value: 'v' })).json()) as Variable;
    await nexos.database.query(`UPDATE projects SET status = 'deleting' WHERE id = $1`, [project]);
    expect((await put({ key: 'B', value: 'v' })).status).toBe(409);
    expect((await nexos.api.request('DELETE', `${path()}/${variable.id}`)).status).toBe(409);
    expect(await list()).toHaveLength(1);
    await nexos.database.query(`UPDATE projects SET status = 'deleted', deleted_at = now() WHERE id = $1`, [
      project,
    ]);
    for (const method of ['GET', 'PUT']) {
      const body = method === 'PUT' ? { key: 'B', value: 'v' } : undefined;
      expect((await nexos.api.request(method, path(), body)).status).toBe(404);
    }
  });

  it('require a key, with the scope write to change them', async () => {
    const read = await anotherAccount(nexos, 'reader of variables');
    const { id } = await read.api.post<{ id: string }>('/projects', { name: 'r', github_repo: 'a/r' });
    await nexos.database.query(
      `UPDATE api_keys SET scopes = '{read}' WHERE account_id = (SELECT account_id FROM projects WHERE id = $1)`,
      [id],
    );
    // The earlier key is cached for a while; a new one is not.
    const fresh = await anotherAccount(nexos, 'reader of variables');
    await nexos.database.query(
      `UPDATE api_keys SET scopes = '{read}' WHERE account_id = (SELECT account_id FROM projects WHERE id = $1)`,
      [id],
    );
    const to = `/projects/${id}/env-vars`;
    expect((await fresh.api.request('GET', to)).status).toBe(200);
    expect((await fresh.api.request('PUT', to, { key: 'A', value: 'v' })).status).toBe(403);
    expect((await fresh.api.request('DELETE', `${to}/var_1`)).status).toBe(403);
    expect((await fetch(`${nexos.api.baseUrl}/api${to}`)).status).toBe(401);
  });
});
