import { initialSettings, projectSettings } from '@nexos/settings';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { ISO, anotherAccount, commit, createProject, problemOf, refusedFields } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

const create = (body: unknown) => nexos.api.request('POST', '/projects', body);
const VALID = { name: 'A shop', github_repo: 'acme/shop' };

describe('a project', () => {
  it('is created with defaults, and reads back the same', async () => {
    const response = await create(VALID);
    expect(response.status).toBe(201);
    const project = (await response.json()) as { id: string };
    expect(project).toEqual({
      id: expect.stringMatching(/^proj_[0-9a-z]{26}$/) as string,
      name: 'A shop',
      slug: 'a-shop',
      status: 'active',
      github_repo: 'acme/shop',
      webhook_url: `${nexos.api.baseUrl}/api/webhooks/github/${project.id}`,
      webhook_instructions: expect.stringContaining('/acme/shop/settings/hooks/new') as string,
      deploys_paused: null,
      ...projectSettings(initialSettings()),
      dockerfile: 'Dockerfile',
      build_context: '.',
      services: { postgres: false, redis: false, s3: false },
      port: 3000,
      health_check_path: '/',
      cpu: 0.5,
      memory_mb: 512,
      build_timeout_seconds: 900,
      auto_deploy: true,
      sleep_after_minutes: null,
      branch_filter: { include: [], exclude: [] },
      expires_after_days: null,
      github: { checks: true, deployments: true, comments: true },
      created_at: ISO,
      updated_at: ISO,
    });
    expect(await nexos.api.get(`/projects/${project.id}`)).toEqual(project);
  });

  it('keeps every given setting', async () => {
    const settings = {
      ...VALID,
      dockerfile: 'docker/Dockerfile.prod',
      build_context: 'services/web',
      services: { postgres: true, redis: true, s3: false },
      port: 8080,
      health_check_path: '/health?deep=1',
      cpu: 1.5,
      memory_mb: 1024,
      build_timeout_seconds: 60,
      auto_deploy: false,
      branch_filter: { include: ['main'], exclude: ['x/**'] },
      github: { checks: false, deployments: true, comments: false },
    };
    expect(await nexos.api.post('/projects', settings)).toMatchObject(settings);
    expect(await nexos.api.post('/projects', { ...VALID, services: { redis: true } })).toMatchObject({
      services: { postgres: false, redis: true, s3: false },
    });
  });

  it('has a unique slug, numbered when its name is taken, even for concurrent requests', async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, () =>
        nexos.api.post<{ slug: string }>('/projects', { ...VALID, name: 'Twins' }),
      ),
    );
    const slugs = made.map(({ slug }) => slug);
    expect(new Set(slugs).size).toBe(20);
    expect(slugs).toContain('twins');
    expect(slugs).toContain('twins-20');
    const other = await anotherAccount(nexos, 'twins elsewhere');
    expect(await other.api.post('/projects', { ...VALID, name: 'Twins' })).toMatchObject({ slug: 'twins' });
  });

  it('can have any visible name', async () => {
    for (const name of ['日本語', '🚀', 'x'.repeat(100), '  padded  ', '<script>', "Robert'); DROP TABLE"]) {
      expect(await nexos.api.post('/projects', { ...VALID, name })).toMatchObject({ name: name.trim() });
    }
  });
});

describe('an invalid project body', () => {
  const BAD: [string, Record<string, unknown>, string[]][] = [
    ['missing fields', { name: undefined, github_repo: undefined }, ['github_repo', 'name']],
    ['an empty name', { name: '' }, ['name']],
    ['a blank name', { name: ' \t ' }, ['name']],
    ['a name with NUL', { name: 'a\0b' }, ['name']],
    ['a name that is too long', { name: 'x'.repeat(101) }, ['name']],
    ['a name of half a megabyte', { name: 'x'.repeat(500_000) }, ['name']],
    ['a name that is not text', { name: 7 }, ['name']],
    ['a repository without an owner', { github_repo: 'shop' }, ['github_repo']],
    ['a repository path traversal', { github_repo: 'acme/..' }, ['github_repo']],
    ['a repository with NUL', { github_repo: 'acme/sh\0op' }, ['github_repo']],
    ['a repository as a URL', { github_repo: 'https://github.com/acme/shop' }, ['github_repo']],
    ['a repository that is not text', { github_repo: { owner: 'acme' } }, ['github_repo']],
    ['a Dockerfile outside the repository', { dockerfile: '../Dockerfile' }, ['dockerfile']],
    ['a Dockerfile at an absolute path', { dockerfile: '/etc/passwd' }, ['dockerfile']],
    ['a context path traversal', { build_context: 'a/../../b' }, ['build_context']],
    ['a context with NUL', { build_context: 'a\0' }, ['build_context']],
    ['a port that is text', { port: '3000' }, ['port']],
    ['a port out of range', { port: 65_536 }, ['port']],
    ['a port that is not whole', { port: 80.5 }, ['port']],
    ['a health path without a slash', { health_check_path: 'health' }, ['health_check_path']],
    ['a health path that splits a request', { health_check_path: '/a\r\nHost: b' }, ['health_check_path']],
    ['no cores', { cpu: 0 }, ['cpu']],
    ['too much memory', { memory_mb: 1e9 }, ['memory_mb']],
    ['no time to build', { build_timeout_seconds: 0 }, ['build_timeout_seconds']],
    ['a service that is not a boolean', { services: { postgres: 'yes' } }, ['services.postgres']],
    ['an unknown service', { services: { mongo: true } }, ['services.mongo']],
    ['services that are a list', { services: [] }, ['services']],
    ['unknown fields', { prot: 80, account_id: 'user_x' }, ['account_id', 'prot']],
    ['null for each field', nullFor('name', 'github_repo'), ['github_repo', 'name']],
  ];
  it.each(BAD)('is rejected with its fields: %s', async (_, change, fields) => {
    expect(await refusedFields(await create({ ...VALID, ...change }))).toEqual(fields);
  });

  it.each(['dockerfile', 'build_context', 'services', 'port', 'health_check_path', 'cpu', 'memory_mb'])(
    'is rejected or uses the default when %s is null',
    async (field) => {
      const response = await create({ ...VALID, [field]: null });
      if (response.status === 201) expect(await response.json()).not.toHaveProperty(field, null);
      else expect(await refusedFields(response)).toEqual([field]);
    },
  );

  it('is rejected or uses the default when a service is null', async () => {
    const response = await create({ ...VALID, services: { postgres: null } });
    if (response.status === 201)
      expect(await response.json()).toMatchObject({ services: { postgres: false } });
    else expect(await refusedFields(response)).toEqual(['services.postgres']);
  });

  it.each(['[]', '[{"name":"a","github_repo":"acme/a"}]', '"text"', '1', 'true', 'null', '[[]]'])(
    'is rejected when it is not an object: %s',
    async (text) => {
      const response = await raw(text);
      expect(response.status).toBe(400);
      await problemOf(response);
    },
  );

  it('is rejected with all of its invalid fields at once', async () => {
    const body = { name: '', github_repo: 'x', port: 0, services: { s3: 1 }, extra: 1 };
    expect(await refusedFields(await create(body))).toEqual([
      'extra',
      'github_repo',
      'name',
      'port',
      'services.s3',
    ]);
  });

  it('creates no project', async () => {
    const before = await nexos.column('SELECT count(*) FROM projects');
    await create({ ...VALID, port: 0 });
    await create({ ...VALID, extra: 1 });
    expect(await nexos.column('SELECT count(*) FROM projects')).toEqual(before);
  });

  it.each(['{', '{"name": "a",}', '', '{"__proto__": {"a": 1}}', '\u0000', '{"a":1}{"b":2}'])(
    'is rejected when it is malformed JSON: %j',
    async (text) => {
      const response = await raw(text);
      expect(response.status).toBe(400);
      await problemOf(response);
    },
  );

  it('is rejected with a 415 when it is not JSON', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'nonsense',
    ]) {
      const response = await raw('name=a', type);
      expect(response.status).toBe(415);
      await problemOf(response);
    }
  });

  it('is rejected with a 413 when it exceeds a megabyte', async () => {
    const response = await raw(JSON.stringify({ ...VALID, name: 'x'.repeat(1024 * 1024) }));
    expect(response.status).toBe(413);
    await problemOf(response);
  });
});

function nullFor(...fields: string[]): Record<string, null> {
  return Object.fromEntries(fields.map((field) => [field, null]));
}

async function raw(body: string, contentType = 'application/json'): Promise<Response> {
  const { headers } = await authorized();
  return fetch(`${nexos.api.baseUrl}/api/projects`, {
    method: 'POST',
    headers: { ...headers, 'content-type': contentType },
    body,
  });
}

let key: string | undefined;
async function authorized(): Promise<{ headers: Record<string, string> }> {
  key ??= (await anotherAccount(nexos, 'raw bodies')).key;
  return { headers: { authorization: `Bearer ${key}` } };
}

describe('a list', () => {
  const page = async (path: string) => {
    const response = await nexos.api.request('GET', path);
    expect(response.status).toBe(200);
    const link = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
    const rows = (await response.json()) as { id: string }[];
    return { ids: rows.map(({ id }) => id), next: link?.replace(/^.*?\/api/, '') };
  };
  const all = async (path: string) => {
    const ids: string[] = [];
    const sizes: number[] = [];
    for (let next: string | undefined = path; next !== undefined;) {
      const got = await page(next);
      ids.push(...got.ids);
      sizes.push(got.ids.length);
      ({ next } = got);
    }
    return { ids, sizes };
  };

  it('pages projects by the Link header, newest first, without repeats', async () => {
    for (let i = 0; i < 5; i++) await createProject(nexos);
    const expected = await nexos.column<string>(
      `SELECT projects.id FROM projects JOIN accounts ON accounts.id = account_id
       WHERE accounts.name = 'operator' ORDER BY projects.id DESC`,
    );
    const { ids, sizes } = await all('/projects?limit=4');
    expect(ids).toEqual(expected);
    expect(sizes.slice(0, -1).every((size) => size === 4)).toBe(true);
    expect((await page(`/projects?limit=${ids.length}`)).next).toBeUndefined();
    expect((await page('/projects')).ids).toEqual(expected.slice(0, 50));
  });

  it('pages environments by the Link header', async () => {
    const { id, repository } = await createProject(nexos);
    for (let i = 1; i <= 5; i++) {
      await nexos.webhooks.push({ repository, branch: `b${i}`, before: NO_COMMIT, after: commit(i) });
    }
    const { ids, sizes } = await all(`/projects/${id}/environments?limit=2`);
    expect(new Set(ids).size).toBe(5);
    expect(sizes).toEqual([2, 2, 1]);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'limit=1.5', 'limit=', 'limit=1&limit=2', 'limit=-1'])(
    'rejects ?%s',
    async (query) => {
      expect(await refusedFields(await nexos.api.request('GET', `/projects?${query}`))).toEqual(['limit']);
    },
  );

  it.each([
    ['of an invalid format', 'cursor=x'],
    ['with NUL', 'cursor=%00'],
    ['given twice', 'cursor=proj_1&cursor=proj_2'],
    ['that is absurdly long', `cursor=${'x'.repeat(5_000)}`],
  ])('rejects a cursor %s', async (_, query) => {
    expect(await refusedFields(await nexos.api.request('GET', `/projects?${query}`))).toEqual(['cursor']);
  });

  it('rejects an unknown field by its name', async () => {
    expect(await refusedFields(await nexos.api.request('GET', '/projects?page=2'))).toEqual(['page']);
  });
});
