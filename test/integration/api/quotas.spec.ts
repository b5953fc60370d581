import { LIMIT_NAMES, PLANS } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { anyPort } from '../../support/any-port.js';
import { eventually } from '../../support/eventually.js';
import { ApiClient } from '../../support/nexos/api-client.js';
import type { AppProcess } from '../../support/nexos/app-process.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { anotherAccount, commit, problemOf, refusedFields } from './api-fixture.js';

interface Account {
  id: string;
  plan: string;
  limits: Record<string, number>;
  own_limits: Record<string, number>;
}

let nexos: NexosStack;
/** A second process of the API, on the same database. */
let second: AppProcess;
let secondUrl: string;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), { apps: ['api', 'integrations'] });
  const port = await anyPort();
  secondUrl = `http://127.0.0.1:${port}`;
  second = nexos.secondProcess('api', { PORT: String(port) });
  second.start();
  await eventually('the second API to be ready', async () => {
    const response = await fetch(`${secondUrl}/health/ready`).catch(() => null);
    return response?.status === 200 ? true : undefined;
  });
});
afterAll(async () => {
  await second.stop('SIGTERM');
  await nexos.stop();
});

let counter = 0;
/** Creates an account of a plan; returns its id and a client. */
async function anAccount(plan: string): Promise<{ id: string; api: ApiClient; key: string }> {
  const { api, key } = await anotherAccount(nexos, `account ${++counter}`);
  const { id } = await api.get<{ id: string }>('/auth/me');
  await nexos.api.request('PATCH', `/accounts/${id}`, { plan });
  return { id, api, key };
}
const setLimits = (id: string, limits: object) => nexos.api.request('PATCH', `/accounts/${id}`, { limits });
const aProject = (name: string) => ({ name, github_repo: `acme/${name}` });

describe('the limit of projects', () => {
  it('admits exactly 25 of 50 concurrent requests to two processes', async () => {
    const { api, key } = await anAccount('pro');
    const other = new ApiClient(secondUrl, key);
    const responses = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        (at % 2 === 0 ? api : other).request('POST', '/projects', aProject(`many-${at}`)),
      ),
    );
    const statuses = responses.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(25);
    expect(statuses.filter((status) => status === 403)).toHaveLength(25);
    const refused = responses.find(({ status }) => status === 403);
    if (refused === undefined) throw new Error('nothing was refused');
    expect(await problemOf(refused)).toMatchObject({
      type: 'urn:nexos:problem:quota-exceeded',
      detail: expect.stringMatching(/^The quota allows 25 projects: 25 in use, 1 more requested\./) as string,
      resource: 'max_projects',
      limit: 25,
      usage: 25,
      request: 1,
    });
    expect(await api.get('/quota')).toMatchObject({ usage: { projects: 25 }, limits: { max_projects: 25 } });
  });

  it('keeps nobody else waiting while something holds the account', async () => {
    const { id, api } = await anAccount('pro');
    const { api: stranger } = await anAccount('pro');
    let ended = 0;
    await nexos.database.query('BEGIN');
    await nexos.database.query('SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE', [id]);
    // More than the connections of the process.
    const requests = Array.from({ length: 15 }, (_, at) =>
      api.request('POST', '/projects', aProject(`held-${at}`)).finally(() => ended++),
    );
    for (let request = 0; request < 3; request++) await stranger.get('/projects');
    expect(ended).toBe(0);
    await nexos.database.query('ROLLBACK');
    for (const response of await Promise.all(requests)) expect(response.status).toBe(201);
  });

  it('has room again once a project is deleted', async () => {
    const { id, api } = await anAccount('free');
    await setLimits(id, { max_projects: 1 });
    const { id: first } = await api.createProject(aProject('first'));
    expect((await api.request('POST', '/projects', aProject('second'))).status).toBe(403);
    await api.request('DELETE', `/projects/${first}`);
    expect((await api.request('POST', '/projects', aProject('second'))).status).toBe(201);
  });

  it('is not reached twice by a request that is repeated with its Idempotency-Key', async () => {
    const { id, api } = await anAccount('free');
    await setLimits(id, { max_projects: 1 });
    const headers = { 'idempotency-key': `key-${counter}` };
    const create = () => api.request('POST', '/projects', aProject('once'), headers);
    const created = (await (await create()).json()) as { id: string };
    const repeated = await create();
    expect(repeated.status).toBe(201);
    expect(await repeated.json()).toEqual(created);
  });
});

describe('the limits of CPU and memory', () => {
  it('refuse deployments that are requested, with limit, usage and request', async () => {
    const { id, api } = await anAccount('free');
    await setLimits(id, { max_cpu: 1.5 });
    const project = await api.createProject({ ...aProject(`cpu-${counter}`), cpu: 1 });
    const deploy = (branch: string) =>
      api.request('POST', `/projects/${project.id}/deployments`, { branch, commit_sha: commit(1) });
    expect((await deploy('a')).status).toBe(202);
    const refused = await deploy('b');
    expect(refused.status).toBe(403);
    expect(await problemOf(refused)).toMatchObject({ resource: 'max_cpu', limit: 1.5, usage: 1, request: 1 });
    expect(await api.get(`/projects/${project.id}/environments`)).toHaveLength(1);
    expect((await deploy('a')).status).toBe(202);
    expect(await api.get('/quota')).toMatchObject({ usage: { total_cpu: 1, total_memory_mb: 512 } });
  });

  it('fail the deployment of a push', async () => {
    const { id, api } = await anAccount('free');
    await setLimits(id, { max_memory_mb: 256 });
    const name = `pushed-${counter}`;
    const project = await api.createProject({ ...aProject(name), memory_mb: 512 });
    const push = { repository: `acme/${name}`, branch: 'main', before: NO_COMMIT, after: commit(1) };
    const { delivery } = await nexos.webhooks.push(push);
    expect(await nexos.api.waitForDelivery(delivery)).toMatchObject({ outcome: 'deployed' });
    const environment = await api.waitForEnvironment(project.id);
    expect(environment.status).toBe('failed');
    expect(await api.deployment(environment.latest_deployment_id ?? '')).toMatchObject({
      status: 'failed',
      failure: { code: 'quota_exceeded' },
    });
    await setLimits(id, { max_memory_mb: null });
    expect((await api.request('POST', `/environments/${environment.id}/rebuild`)).status).toBe(202);
  });
});

describe('the limits of a project', () => {
  it('count variables that are added, and not those that change', async () => {
    const { id, api } = await anAccount('free');
    await setLimits(id, { variables_per_project: 1 });
    const { id: project } = await api.createProject(aProject(`variables-${counter}`));
    const put = (key: string) => api.request('PUT', `/projects/${project}/env-vars`, { key, value: 'x' });
    expect((await put('A')).status).toBe(200);
    const refused = await put('B');
    expect(refused.status).toBe(403);
    const excess = { resource: 'variables_per_project', limit: 1, usage: 1, request: 1 };
    expect(await problemOf(refused)).toMatchObject(excess);
    await setLimits(id, { variables_per_project: 0 });
    expect((await put('A')).status).toBe(200);
  });

  it('count the webhooks of a project and of the account apart', async () => {
    const { id, api } = await anAccount('free');
    await setLimits(id, { webhooks_per_project: 1 });
    const { id: project } = await api.createProject(aProject(`webhooks-${counter}`));
    const body = { url: 'https://example.com/hook', events: ['deployment.failed'] };
    for (const path of [`/projects/${project}/webhooks`, '/webhooks']) {
      expect((await api.request('POST', path, body)).status).toBe(201);
      const refused = await api.request('POST', path, body);
      expect(refused.status).toBe(403);
      expect(await problemOf(refused)).toMatchObject({ resource: 'webhooks_per_project', usage: 1 });
    }
  });
});

describe('PATCH /accounts/:id', () => {
  it('sets the plan, and single limits that win over it until they are null', async () => {
    const { id, api } = await anAccount('free');
    const patch = async (body: object) =>
      (await (await nexos.api.request('PATCH', `/accounts/${id}`, body)).json()) as Account;
    expect(await patch({})).toMatchObject({ id, plan: 'free', limits: PLANS.free, own_limits: {} });
    const own = { max_projects: 7, max_cpu: 2.5 };
    expect(await patch({ plan: 'enterprise', limits: own })).toMatchObject({
      plan: 'enterprise',
      limits: { ...PLANS.enterprise, ...own },
      own_limits: own,
    });
    expect(await api.get('/quota')).toMatchObject({ plan: 'enterprise', limits: own });
    expect(await patch({ plan: 'pro', limits: { max_cpu: null } })).toMatchObject({
      limits: { ...PLANS.pro, max_projects: 7 },
      own_limits: { max_projects: 7 },
    });
    expect(await nexos.api.get(`/accounts/${id}`)).toMatchObject({ own_limits: { max_projects: 7 } });
    expect(await nexos.api.get<Account[]>('/accounts')).toContainEqual(expect.objectContaining({ id }));
  });

  it.each<[object, string[]]>([
    [{ plan: 'gold' }, ['plan']],
    [
      { limits: { max_projects: -1, max_cpu: 'many', concurrent_builds: 0.5 } },
      ['limits.concurrent_builds', 'limits.max_cpu', 'limits.max_projects'],
    ],
    [{ limits: { anything: 1 } }, ['limits.anything']],
    [{ limits: [] }, ['limits']],
    [{ is_operator: true }, ['is_operator']],
  ])('rejects %j', async (body, fields) => {
    const { id } = await anAccount('free');
    expect(await refusedFields(await nexos.api.request('PATCH', `/accounts/${id}`, body))).toEqual(fields);
  });

  it('is for operators: others find no account, not even their own', async () => {
    const { id, api } = await anAccount('free');
    expect((await api.request('PATCH', `/accounts/${id}`, { plan: 'pro' })).status).toBe(404);
    expect((await api.request('GET', `/accounts/${id}`)).status).toBe(404);
    expect(await api.get('/accounts')).toEqual([]);
    expect(await nexos.api.get(`/accounts/${id}`)).toMatchObject({ plan: 'free' });
  });

  it('documents each limit', async () => {
    const { id } = await anAccount('free');
    const { limits } = await nexos.api.get<Account>(`/accounts/${id}`);
    expect(Object.keys(limits).sort()).toEqual([...LIMIT_NAMES].sort());
  });
});
