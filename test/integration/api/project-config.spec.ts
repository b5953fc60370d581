import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { createProject, problemOf, refusedFields } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

const PUBLISHED = `name: my-app
build:
  dockerfile: ./Dockerfile
  context: .
  args: { NODE_VERSION: "20" }
app:
  port: 3000
  cpu: 1
  memory: 512
buildResources:
  cpu: 2
  memory: 2048
  timeout: 600
services:
  postgres: true
  mongodb: false
hooks:
  on_deploy: "true"
env:
  NODE_ENV: production
`;

const send = (method: string, path: string, body?: string, type = 'application/yaml') =>
  fetch(`${nexos.api.baseUrl}/api${path}`, {
    method,
    headers: {
      authorization: nexos.api.authorization,
      ...(body === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body }),
  });
const put = (id: string, text: string, type?: string) => send('PUT', `/projects/${id}/config`, text, type);

describe('PUT /projects/{id}/config', () => {
  it('takes the published file as settings, and GET renders it', async () => {
    const { id, slug } = await createProject(nexos, {
      port: 8080,
      auto_deploy: false,
      services: { redis: true },
    });
    const response = await put(id, PUBLISHED);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/yaml/);
    const text = await response.text();
    expect(await nexos.api.get(`/projects/${id}`)).toMatchObject({
      name: 'my-app',
      slug,
      dockerfile: './Dockerfile',
      build_args: { NODE_VERSION: '20' },
      port: 3000,
      memory_mb: 512,
      build_cpu: 2,
      build_memory_mb: 2048,
      build_timeout_seconds: 600,
      services: { postgres: true, redis: false, s3: false },
      hooks: { on_deploy: 'true', on_new: null, seed: null },
      env: { NODE_ENV: 'production' },
      auto_deploy: false,
    });
    const shown = await send('GET', `/projects/${id}/config`);
    expect(shown.headers.get('content-type')).toMatch(/^application\/yaml/);
    expect(await shown.text()).toBe(text);
    expect(text).toContain('name: my-app\nbuild:\n  dockerfile: ./Dockerfile\n');
    expect(await (await put(id, text, 'text/yaml; charset=utf-8')).text()).toBe(text);
  });

  it('keeps the name when the file has none, and the settings that no file has', async () => {
    const { id, name } = await createProject(nexos, { config_path: 'apps/web/nexos.yaml', port: 80 });
    expect(await (await put(id, '# nothing\n')).text()).toBe(`name: ${name}\n`);
    expect(await nexos.api.get(`/projects/${id}`)).toMatchObject({
      config_path: 'apps/web/nexos.yaml',
      port: 3000,
    });
  });

  it.each<[string, string, string[]]>([
    ['an unknown field', 'app: { prot: 80 }', ['app.prot']],
    [
      'what is not offered',
      'services: { mongodb: true, elasticsearch: true }',
      ['services.mongodb', 'services.elasticsearch'],
    ],
    [
      'a version that is not offered',
      'services: { postgres: { version: "1" } }',
      ['services.postgres.version'],
    ],
    ['what is not YAML', '{', ['body']],
    ['what is too large', `# ${'x'.repeat(70_000)}`, ['body']],
  ])('rejects %s, with the line', async (_, text, fields) => {
    const { id } = await createProject(nexos);
    const response = await put(id, text);
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { field: string; message: string }[] };
    expect(errors.map(({ field }) => field)).toEqual(fields);
    if (fields[0] !== 'body') expect(errors[0]?.message).toMatch(/\(line 1\)$/);
  });

  it('rejects other media types, and a request without a body', async () => {
    const { id } = await createProject(nexos, { port: 8080 });
    for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded']) {
      expect((await put(id, '{}', type)).status).toBe(415);
    }
    expect(await refusedFields(await send('PUT', `/projects/${id}/config`))).toEqual(['body']);
    expect((await send('PATCH', `/projects/${id}`, 'port: 80')).status).toBe(415);
    expect(await nexos.api.get(`/projects/${id}`)).toMatchObject({ port: 8080 });
  });
});

describe('POST /projects with a config', () => {
  it("uses the file's name and settings, and lets the body win", async () => {
    const project = await nexos.api.post('/projects', {
      github_repo: 'acme/from-file',
      config: PUBLISHED,
      port: 8080,
    });
    expect(project).toMatchObject({
      name: 'my-app',
      port: 8080,
      memory_mb: 512,
      services: { postgres: true },
    });
    const named = await nexos.api.post('/projects', {
      name: 'Other',
      github_repo: 'acme/b',
      config: PUBLISHED,
    });
    expect(named).toMatchObject({ name: 'Other', port: 3000 });
  });

  it('names the field of the file that is wrong, and a missing name', async () => {
    const create = (body: object) =>
      nexos.api.request('POST', '/projects', { github_repo: 'acme/c', ...body });
    expect(await refusedFields(await create({ config: 'app: { port: 0 }' }))).toEqual(['config.app.port']);
    expect(await refusedFields(await create({ config: '{' }))).toEqual(['config']);
    expect(await refusedFields(await create({ config: 'app: {}' }))).toEqual(['name']);
  });
});

describe('the version of a service', () => {
  it('must be offered, and does not change while the project has data', async () => {
    const { id } = await createProject(nexos, { services: { redis: true } });
    const patch = (redis: object | boolean) =>
      nexos.api.request('PATCH', `/projects/${id}`, { services: { redis } });
    expect(await refusedFields(await patch({ version: '1' }))).toEqual(['services.redis.version']);
    const schema = (await (await fetch(`${nexos.api.baseUrl}/api/nexos.schema.json`)).json()) as never;
    const offered = JSON.stringify(schema);
    expect(offered).toContain('"7"');
    await nexos.column(
      `INSERT INTO project_services (project_id, kind, sealed_password, node_id, image_id, version)
       VALUES ($1, 'redis', '', 'n', 'i', '6')`,
      [id],
    );
    for (const refused of [
      await patch({ version: '7' }),
      await put(id, 'services: { redis: { version: "7" } }'),
    ]) {
      expect(refused.status).toBe(409);
      expect((await problemOf(refused)).detail).toMatch(
        /^services\.redis\.version must stay as it is: the project's Redis has data of version 6.*destroy all environments/,
      );
    }
    for (const kept of [
      await patch({ version: '6' }),
      await patch({ version: null }),
      await put(id, 'services: { redis: { version: "6" } }'),
    ]) {
      expect(kept.status).toBe(200);
    }
    expect((await patch({ version: null, storage_mb: 512 })).status).toBe(200);
    expect(await nexos.api.get(`/projects/${id}`)).toMatchObject({
      services: { redis: { enabled: true, storage_mb: 512 } },
    });
    expect((await patch(false)).status).toBe(200);
  });
});
