import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { anotherAccount, createProject, ISO, problemOf, refusedFields } from './api-fixture.js';

interface Registry {
  id: string;
  host: string;
}

let nexos: SharedApi;
let other: Awaited<ReturnType<typeof anotherAccount>>;
let project: string;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  other = await anotherAccount(nexos, 'registries');
});
afterAll(() => nexos.leave());
beforeEach(async () => {
  project = (await createProject(nexos)).id;
});

const PASSWORD = 'a password of a registry';
const login = (changes: object = {}) => ({ host: 'ghcr.io', user: 'acme', password: PASSWORD, ...changes });
const path = () => `/projects/${project}/registries`;
const put = (body: unknown) => nexos.api.request('PUT', path(), body);
const list = () => nexos.api.get<Registry[]>(path());
const sealed = () =>
  nexos.column<string>('SELECT sealed_password FROM registries WHERE project_id = $1', [project]);

describe('credentials for a registry', () => {
  it('are set, masked in responses, updated in place and deleted once', async () => {
    const response = await put(login({ host: 'Registry.Example:5000' }));
    expect(response.status).toBe(200);
    const registry = (await response.json()) as Registry;
    expect(registry).toEqual({
      id: expect.stringMatching(/^reg_[0-9a-z]{26}$/) as string,
      host: 'registry.example:5000',
      user: 'acme',
      password: '********',
      created_at: ISO,
      updated_at: ISO,
    });
    const [before = ''] = await sealed();
    expect(before).not.toContain(PASSWORD);
    const updated = await put(login({ host: 'registry.example:5000', user: 'bot' }));
    expect(await updated.json()).toMatchObject({ id: registry.id, user: 'bot' });
    expect(await sealed()).not.toEqual([before]);
    expect(await list()).toMatchObject([{ id: registry.id, user: 'bot', password: '********' }]);
    const one = `${path()}/${registry.id}`;
    expect((await nexos.api.request('DELETE', one)).status).toBe(204);
    expect((await nexos.api.request('DELETE', one)).status).toBe(404);
  });

  it('of Docker Hub are the same under each of its names', async () => {
    await put(login({ host: 'index.docker.io' }));
    await put(login({ host: 'docker.io' }));
    expect(await list()).toMatchObject([{ host: 'docker.io' }]);
  });

  it.each<[object, string]>([
    [{ host: 'https://ghcr.io' }, 'host'],
    [{ host: 'ghcr.io/acme' }, 'host'],
    [{ host: '' }, 'host'],
    [{ host: `${'a'.repeat(255)}.io` }, 'host'],
    [{ user: 'a:b' }, 'user'],
    [{ user: '' }, 'user'],
    [{ user: 'a\nb' }, 'user'],
    [{ password: '' }, 'password'],
    [{ password: 'x'.repeat(8_193) }, 'password'],
    [{ password: `${PASSWORD}\0` }, 'password'],
    [{ password: [PASSWORD] }, 'password'],
    [{ token: PASSWORD }, 'token'],
  ])('with %j are refused without quoting the password', async (changes, field) => {
    const response = await put(login(changes));
    const text = await response.clone().text();
    expect(text).not.toContain(PASSWORD);
    expect(await refusedFields(response)).toEqual([field]);
    expect(await list()).toEqual([]);
  });

  it('are limited to 20 registries', async () => {
    for (let i = 0; i < 20; i++) expect((await put(login({ host: `r${i}.example` }))).status).toBe(200);
    expect(await problemOf(await put(login()))).toMatchObject({ status: 409 });
    expect((await put(login({ host: 'r7.example', user: 'new' }))).status).toBe(200);
    expect((await list()).length).toBe(20);
  });

  it("are another account's secret", async () => {
    const { id } = (await (await put(login())).json()) as Registry;
    for (const [method, to] of [
      ['GET', path()],
      ['PUT', path()],
      ['DELETE', `${path()}/${id}`],
    ] as const) {
      const body = method === 'PUT' ? login() : undefined;
      expect((await other.api.request(method, to, body)).status).toBe(404);
    }
    expect((await list()).length).toBe(1);
  });
});
