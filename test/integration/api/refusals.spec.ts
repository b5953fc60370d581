import { type IdKind, newId } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject, problemOf, refusedFields } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

const send = (method: string, path: string, body: unknown) => nexos.api.request(method, path, body);
async function told(response: Response): Promise<Record<string, string>> {
  expect(response.status).toBe(400);
  const { errors = [] } = await problemOf(response);
  return Object.fromEntries(errors.map(({ field, message }) => [field, message]));
}
async function pushed() {
  const project = await createProject(nexos);
  const { repository } = project;
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  return { project, environment: await nexos.api.waitForEnvironment(project.id) };
}

describe('a body for a route without one', () => {
  it('is rejected by the names of its fields, and nothing happens', async () => {
    const { environment } = await pushed();
    const deployment = environment.latest_deployment_id ?? '';
    for (const path of [
      `/environments/${environment.id}/rebuild`,
      `/environments/${environment.id}/destroy`,
      `/deployments/${deployment}/cancel`,
    ]) {
      const response = await send('POST', path, { force: true, x: 1 });
      expect(await refusedFields(response), path).toEqual(['force', 'x']);
      for (const body of [[], [1], 'text', 1, null]) {
        expect(await refusedFields(await send('POST', path, body)), path).toEqual(['body']);
      }
    }
    expect(await nexos.api.waitForEnvironment(environment.project_id)).toEqual(environment);
  });

  it('is accepted when it is an empty object', async () => {
    const { environment } = await pushed();
    expect((await send('POST', `/environments/${environment.id}/destroy`, {})).status).toBe(202);
  });
});

describe('a cursor', () => {
  const kinds: IdKind[] = ['project', 'environment', 'deployment', 'envVar', 'apiKey', 'node'];

  it('is rejected when it is of another list or of none', async () => {
    const { project, environment } = await pushed();
    const lists: Record<string, IdKind> = {
      '/projects': 'project',
      [`/projects/${project.id}/environments`]: 'environment',
      [`/projects/${project.id}/deployments`]: 'deployment',
      [`/environments/${environment.id}/deployments`]: 'deployment',
      [`/projects/${project.id}/env-vars`]: 'envVar',
      '/auth/api-keys': 'apiKey',
      '/nodes': 'node',
    };
    for (const [path, kind] of Object.entries(lists)) {
      const others = kinds.filter((other) => other !== kind).map((other) => newId(other));
      for (const cursor of [...others, newId(kind).replace('_0', '_8'), newId(kind).slice(0, -1), 'x', '']) {
        const response = await nexos.api.request('GET', `${path}?cursor=${cursor}`);
        expect(await refusedFields(response), `${path} ${cursor}`).toEqual(['cursor']);
      }
      expect((await nexos.api.request('GET', `${path}?cursor=${newId(kind)}`)).status).toBe(200);
    }
  });
});

describe('a number in a query', () => {
  it.each(['1e1', '0x1', '1.0', '%201', '1%20', '+1', 'abc', '', '99999999999999999999'])(
    'is rejected when it is written as "%s"',
    async (text) => {
      const { environment } = await pushed();
      const deployment = environment.latest_deployment_id ?? '';
      for (const path of [`/projects?limit=`, `/deployments/${deployment}?wait=`]) {
        const response = await nexos.api.request('GET', path + text);
        expect(Object.values(await told(response)), path).toEqual(['must be a whole number']);
      }
    },
  );
});

describe('validation errors', () => {
  it('name the right type of a field that has a wrong one', async () => {
    const wrong = {
      name: null,
      github_repo: 'acme/app',
      port: '3000',
      cpu: 'x',
      auto_deploy: 1,
      services: [],
    };
    expect(await told(await send('POST', '/projects', wrong))).toEqual({
      name: 'must be a string',
      port: 'must be a whole number from 1 to 65535, without quotes',
      cpu: 'must be a number from 0.05 to 64',
      auto_deploy: 'must be true or false',
      services: 'must be an object',
    });
  });

  it('name every field that holds NUL', async () => {
    const body = { name: 'a\0', github_repo: 'acme/app', branch_filter: { include: ['ok', 'b\0'] } };
    expect(Object.keys(await told(await send('POST', '/projects', body)))).toEqual([
      'name',
      'branch_filter.include.1',
    ]);
  });

  it('stop at a hundred', async () => {
    const body = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`field${i}`, i]));
    expect(Object.keys(await told(await send('POST', '/projects', body)))).toHaveLength(100);
  });

  it('truncate field names to 200 characters', async () => {
    const name = 'k'.repeat(900_000);
    for (const body of [{ [name]: Array<string>(100).fill('\0') }, { name: 'x', [name]: 1 }]) {
      const response = await send('POST', '/projects', body);
      expect((await response.clone().text()).length).toBeLessThan(30_000);
      expect(Object.keys(await told(response))).toContain(`${'k'.repeat(200)}…`);
    }
  });

  it('report a list that is far too long only once', async () => {
    const { id } = await createProject(nexos);
    const variables = Array<object>(300_000).fill({});
    expect(await told(await send('PUT', `/projects/${id}/env-vars`, { variables }))).toEqual({
      variables: 'must have at most 500 variables',
    });
    const scopes = Array.from({ length: 150_000 }, (_, i) => i);
    expect(await told(await send('POST', '/auth/api-keys', { name: 'x', scopes }))).toEqual({
      scopes: 'must be a list of one or more of read, write, admin',
    });
  });

  it.each([[[]], [null], ['text'], [1]])('say that a body must be an object: %j', async (body) => {
    const { project } = await pushed();
    for (const [method, path] of [
      ['POST', '/projects'],
      ['PATCH', `/projects/${project.id}`],
      ['POST', '/auth/api-keys'],
      ['PUT', `/projects/${project.id}/env-vars`],
    ] as const) {
      expect(await told(await send(method, path, body)), path).toEqual({ body: 'must be an object' });
    }
  });
});

describe('a branch to deploy', () => {
  it.each(['refs/heads/main', 'refs/x', 'bad..x', 'a b', '/a', 'a/', '', 1, null])(
    'is rejected as %j',
    async (branch) => {
      const { id } = await createProject(nexos);
      const response = await send('POST', `/projects/${id}/deployments`, { branch });
      expect(await refusedFields(response)).toEqual(['branch']);
    },
  );

  it('can look like a flag', async () => {
    const { id } = await createProject(nexos);
    expect((await send('POST', `/projects/${id}/deployments`, { branch: '-x' })).status).toBe(202);
  });
});
