import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deployment, Environment, EnvironmentDetails } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject, problemOf } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

const ACTIONS = ['rebuild', 'restart', 'pause', 'resume', 'reset'] as const;
const act = (id: string, action: string) => nexos.api.request('POST', `/environments/${id}/${action}`);

/** Creates an environment in a state that only workers set. */
async function environmentWith(
  { status, desired = 'running' }: { status: string; desired?: string },
  { hasDatabase = true, isLive = true } = {},
) {
  const { id: projectId, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  const { id, latest_deployment_id: deployment } = await nexos.api.waitForEnvironment(projectId);
  await nexos.database.query(`UPDATE deployments SET status = 'live' WHERE id = $1`, [deployment]);
  await nexos.database.query(
    `UPDATE environments SET status = $2, desired_state = $3, desired_deployment_id = $4,
       live_deployment_id = CASE WHEN $5 THEN $4 END, destroyed_at = CASE WHEN $2 = 'destroyed' THEN now() END WHERE id = $1`,
    [id, status, desired, deployment, isLive],
  );
  if (hasDatabase) {
    const service = `INSERT INTO project_services (project_id, kind, sealed_password) VALUES ($1, 'postgres', '')`;
    await nexos.database.query(service, [projectId]);
    await nexos.database.query(
      `INSERT INTO environment_services (environment_id, kind, project_id, number, sealed_password, provisioned_at)
       VALUES ($1, 'postgres', $2, 1, '', now())`,
      [id, projectId],
    );
  }
  return { id, repository, deployment };
}
const statusOf = async (id: string) => (await nexos.api.get<Environment>(`/environments/${id}`)).status;

it('an environment reports the error that keeps it from its desired state', async () => {
  const { id } = await environmentWith({ status: 'running' });
  expect(await nexos.api.get<Environment>(`/environments/${id}`)).toMatchObject({ last_error: null });
  await nexos.database.query(
    `UPDATE environments SET error_code = 'service_not_ready', error_message = 'Postgres is away.',
       error_at = '2026-01-02T03:04:05Z' WHERE id = $1`,
    [id],
  );
  expect(await nexos.api.get<Environment>(`/environments/${id}`)).toMatchObject({
    last_error: { code: 'service_not_ready', message: 'Postgres is away.', at: '2026-01-02T03:04:05.000Z' },
  });
});

it('an environment shows how much of its expected storage a service uses', async () => {
  const { id, deployment } = await environmentWith({ status: 'running' });
  const storage = async () => (await nexos.api.get<EnvironmentDetails>(`/environments/${id}`)).storage;
  expect(await storage()).toEqual([]);
  await nexos.column(
    `UPDATE deployments SET spec = jsonb_set(spec, '{services,postgres}', '{"storage_mb": 100}') WHERE id = $1`,
    [deployment],
  );
  const unmeasured = { service: 'postgres', level: 'ok', used_mb: null, storage_mb: 100, measured_at: null };
  expect(await storage()).toEqual([unmeasured]);
  await nexos.column(
    `UPDATE project_services SET used_mb = 85, measured_at = '2026-01-02T03:04:05Z'
     FROM environments WHERE environments.id = $1 AND environments.project_id = project_services.project_id`,
    [id],
  );
  await nexos.column(
    `UPDATE environment_services SET storage_level = 'nearly_full' WHERE environment_id = $1`,
    [id],
  );
  expect(await storage()).toEqual([
    { ...unmeasured, level: 'nearly_full', used_mb: 85, measured_at: '2026-01-02T03:04:05.000Z' },
  ]);
});

describe('an environment whose last action failed', () => {
  const failed = async (status: string, more = '') => {
    const environment = await environmentWith({ status });
    await nexos.database.query(
      `UPDATE environments SET failure_code = 'hook_failed', failure_message = 'The hook on_new exited with code 1.',
         failed_at = '2026-01-02T03:04:05Z', failed_generation = generation ${more} WHERE id = $1`,
      [environment.id],
    );
    return environment;
  };
  const read = (id: string) => nexos.api.get<Environment>(`/environments/${id}`);
  const LAST_ERROR = {
    code: 'hook_failed',
    message: 'The hook on_new exited with code 1.',
    at: '2026-01-02T03:04:05.000Z',
  };

  it.each(['failed', 'running'])('reads failed, with the reason, when its app is %s', async (status) => {
    const { id } = await failed(status, ', hooks_due = true');
    expect(await read(id)).toMatchObject({ status: 'failed', last_error: LAST_ERROR });
  });

  it.each([
    ['failed', 'resume', 'resuming'],
    ['failed', 'reset', 'resetting'],
    ['failed', 'pause', 'pausing'],
    ['running', 'reset', 'resetting'],
    ['running', 'pause', 'pausing'],
  ])(
    'keeps the reason while its app is %s and it does what was requested: %s',
    async (status, action, then) => {
      const { id } = await failed(status);
      const response = await act(id, action);
      expect([response.status, await response.json()]).toMatchObject([
        202,
        { status: then, last_error: LAST_ERROR },
      ]);
      const generation = await nexos.column('SELECT generation FROM environments WHERE id = $1', [id]);
      expect((await act(id, action)).status).toBe(202);
      expect(await nexos.column('SELECT generation FROM environments WHERE id = $1', [id])).toEqual(
        generation,
      );
    },
  );

  it('runs the due hooks again when it is resumed', async () => {
    const { id } = await failed('running', ', hooks_due = true');
    expect(await (await act(id, 'resume')).json()).toMatchObject({ status: 'resetting' });
  });

  it('shows an outage first, which is why nothing happens at the moment', async () => {
    const { id } = await failed('failed');
    await nexos.database.query(
      `UPDATE environments SET error_code = 'engine_unavailable', error_message = 'Away.', error_at = now() WHERE id = $1`,
      [id],
    );
    expect(await read(id)).toMatchObject({ last_error: { code: 'engine_unavailable' } });
  });
});

describe('the settings of an environment', () => {
  it('are those of its live version, each with its source', async () => {
    const { id, deployment } = await environmentWith({ status: 'running' });
    await nexos.database.query(
      `UPDATE deployments SET spec = jsonb_set(jsonb_set(spec, '{port}', '8080'), '{env}', '{"TOKEN": "hidden"}'),
         setting_sources = setting_sources || '{"port": "nexos.yaml", "env": "nexos.yaml"}' WHERE id = $1`,
      [deployment],
    );
    const { settings } = await nexos.api.get<EnvironmentDetails>(`/environments/${id}`);
    expect(settings).toMatchObject({
      port: { value: 8080, source: 'nexos.yaml' },
      cpu: { value: 0.5, source: 'default' },
      env: { value: ['TOKEN'], source: 'nexos.yaml' },
    });
  });

  it('come from the project when it had set them before the deployment', async () => {
    const { id: projectId, repository } = await createProject(nexos, { memory_mb: 256 });
    await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
    const environment = await nexos.api.waitForEnvironment(projectId);
    const details = () => nexos.api.get<EnvironmentDetails>(`/environments/${environment.id}`);
    expect((await details()).settings).toBeNull();
    await nexos.database.query(
      'UPDATE environments SET live_deployment_id = latest_deployment_id WHERE id = $1',
      [environment.id],
    );
    expect((await nexos.api.request('PATCH', `/projects/${projectId}`, { cpu: 2 })).status).toBe(200);
    expect((await details()).settings).toMatchObject({
      memory_mb: { value: 256, source: 'project' },
      cpu: { value: 0.5, source: 'default' },
    });
  });

  it('have unknown sources when an earlier release queued the version', async () => {
    const { id, deployment } = await environmentWith({ status: 'running' });
    await nexos.database.query('UPDATE deployments SET setting_sources = NULL WHERE id = $1', [deployment]);
    const { settings } = await nexos.api.get<EnvironmentDetails>(`/environments/${id}`);
    expect(settings).toMatchObject({ port: { value: 3000, source: 'unknown' } });
  });
});

describe('an action on an environment', () => {
  it.each<[string, { status: string; desired?: string }, string]>([
    ['pause', { status: 'running' }, 'pausing'],
    ['pause', { status: 'paused', desired: 'paused' }, 'paused'],
    ['pause', { status: 'paused', desired: 'running' }, 'paused'],
    ['pause', { status: 'resuming', desired: 'running' }, 'pausing'],
    ['resume', { status: 'pausing', desired: 'paused' }, 'resuming'],
    ['resume', { status: 'paused', desired: 'paused' }, 'resuming'],
    ['resume', { status: 'running', desired: 'paused' }, 'running'],
    ['resume', { status: 'running' }, 'running'],
    ['reset', { status: 'running' }, 'resetting'],
  ])('%s on an environment that is %j results in %s, idempotently', async (action, state, expected) => {
    const { id } = await environmentWith(state);
    const generation = () => nexos.column('SELECT generation FROM environments WHERE id = $1', [id]);
    const response = await act(id, action);
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ id, status: expected });
    const after = await generation();
    expect((await act(id, action)).status).toBe(202);
    expect([await statusOf(id), await generation()]).toEqual([expected, after]);
  });

  it.each(['rebuild', 'restart'])('%s queues the current commit of the branch', async (action) => {
    const { id, repository } = await environmentWith({ status: 'running' });
    await nexos.webhooks.push({ repository, branch: 'main', before: commit(1), after: commit(2) });
    const response = await act(id, action);
    expect(response.status).toBe(202);
    const { latest_deployment_id: latest } = (await response.json()) as Environment;
    expect(await nexos.api.get<Deployment>(`/deployments/${latest ?? ''}`)).toMatchObject({
      trigger: 'rebuild',
      commit_sha: commit(2),
      status: 'queued',
    });
  });

  it.each<[string, string, string[]]>([
    ['pending', 'running', ['pause', 'resume', 'reset']],
    ['failed', 'running', ['pause', 'resume', 'reset']],
    ['paused', 'paused', ['reset']],
    ['pausing', 'paused', ['reset']],
    ['resuming', 'running', ['reset']],
    ['destroying', 'destroyed', [...ACTIONS]],
    ['destroyed', 'destroyed', [...ACTIONS]],
  ])('is a 409 with the reason when it is impossible while %s', async (status, desired, actions) => {
    const { id } = await environmentWith({ status, desired }, { isLive: status !== 'failed' });
    const row = () => nexos.column('SELECT to_jsonb(e) FROM environments e WHERE id = $1', [id]);
    const before = await row();
    for (const action of actions) {
      const response = await act(id, action);
      expect(response.status, action).toBe(409);
      const { type, detail } = await problemOf(response);
      expect(type).toBe('urn:nexos:problem:conflict');
      expect(detail).toMatch(/destroyed|gone live|paused/);
    }
    expect(await row()).toEqual(before);
  });

  it('reset without a database is a 409 that says what to do', async () => {
    const { id } = await environmentWith({ status: 'running' }, { hasDatabase: false });
    expect((await problemOf(await act(id, 'reset'))).detail).toContain('services.postgres');
  });

  it('leaves only the newest of twenty concurrent rebuilds queued', async () => {
    const { id } = await environmentWith({ status: 'running' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => act(id, 'rebuild')));
    // On a busy machine the last of them wait too long for the others, and are told to try again.
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status !== 202 && status !== 503)).toEqual([]);
    expect(statuses).toContain(202);
    const queued = `SELECT count(*)::integer FROM deployments WHERE environment_id = $1 AND status = 'queued'`;
    expect(await nexos.column(queued, [id])).toEqual([1]);
  });
});
