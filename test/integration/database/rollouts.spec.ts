import {
  BuildClaims,
  destroyEnvironment,
  failRollout,
  EnvironmentsRepository,
  HostnamesRepository,
  RoutesRepository,
  finishBuild,
  finishRollout,
  recordDestroyed,
  settleEnvironment,
} from '@nexos/state';
import { type Transaction } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { claimAny } from '../../support/claim-any.js';
import { TestDatabase } from '../../support/database.js';
import {
  insertProject,
  createQueuedDeployment,
  BY_REQUEST,
  deploymentsOf,
  jobsAbout,
} from '../../support/rows.js';

const FAILURE = new DeploymentFailure('app_exited', 'It exited.');
const EPOCH = '7';
let database: TestDatabase;
let claims: BuildClaims;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  claims = new BuildClaims(database.unitOfWork);
});
afterAll(() => database.drop());

let project: Awaited<ReturnType<typeof insertProject>>;
let environmentId: string;
let first: string;
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
  first = await built(1);
  await lease(EPOCH);
});

/** Creates a deployment that is built and waits for its rollout; returns its id. */
async function built(number: number): Promise<string> {
  const deployment = await createQueuedDeployment(database, { project, number });
  environmentId = deployment.environmentId;
  await claimAny(database.unitOfWork, deployment.id);
  const build = { deploymentId: deployment.id, environmentId, attempt: 1 };
  await run((transaction) =>
    finishBuild(transaction, build, {
      imageId: 'sha256:1',
      seedImageId: null,
      hookImageId: null,
      containerImageIds: [],
      nodeId: 'node',
    }),
  );
  return deployment.id;
}
const run = <T>(work: (transaction: Transaction) => Promise<T>) => database.unitOfWork.run(work);
const lease = (epoch: string, forMs = 60_000) =>
  database.dataSource.query(
    `UPDATE environments SET lease_epoch = $2, lease_until = now() + make_interval(secs => $3 / 1000.0) WHERE id = $1`,
    [environmentId, epoch, forMs],
  );
const finish = (deploymentId: string, epoch = EPOCH) =>
  run((transaction) => finishRollout(transaction, { deploymentId, environmentId, epoch }, 10_000));
const fail = (deploymentId: string, epoch = EPOCH) =>
  run((transaction) => failRollout(transaction, { deploymentId, environmentId, epoch }, FAILURE));
const environment = async () => {
  const [row] = await database.rows<Record<string, unknown> & { hostname: string; generation: string }>(
    'SELECT * FROM environments WHERE id = $1',
    [environmentId],
  );
  if (row === undefined) throw new Error('environment not found');
  return row;
};
const statuses = async () => (await deploymentsOf(database, project.id)).map(({ status }) => status);

describe('finishRollout', () => {
  it('makes the deployment live, sets its environment to running and routes its host name there', async () => {
    const routes = database.repository(RoutesRepository);
    expect(await routes.findAll([(await environment()).hostname])).toEqual([]);
    expect(await finish(first)).toBe(true);
    const { hostname, ...row } = await environment();
    expect(row).toMatchObject({ status: 'running', live_deployment_id: first });
    const route = {
      ...{ hostname, environmentId, projectId: project.id, deploymentId: first },
      ...{ container: 'app', index: 0, isShared: false },
      ...{ moves: 0, port: 3000, requestTimeoutSeconds: 120 },
    };
    expect(await database.repository(RoutesRepository).findAll([hostname])).toEqual([route]);
    expect(await database.repository(RoutesRepository).all()).toContainEqual(route);
    expect(await finish(first)).toBe(false);
  });

  it('routes each public container of the live version to its own service, and no others', async () => {
    const containers = [
      { name: 'api', port: 3001, public: true },
      { name: 'worker', port: null, public: false },
      { name: 'admin', port: 3002, public: false },
    ];
    await database.dataSource.query(
      `UPDATE deployments SET spec = spec || jsonb_build_object('containers', $2::jsonb) WHERE id = $1`,
      [first, JSON.stringify(containers)],
    );
    const names = database.repository(HostnamesRepository);
    const row = await database.repository(EnvironmentsRepository).get(environmentId);
    const hosts = await names.ensure(row, ['app', 'api', 'admin'], 'nexos.test');
    expect(await names.ensure(row, ['app', 'api'], 'nexos.test')).toEqual(hosts);
    await finish(first);
    const found = await database.repository(RoutesRepository).findAll([...hosts.values()]);
    expect(found.sort((a, b) => a.index - b.index)).toMatchObject([
      { hostname: row.hostname, container: 'app', index: 0, port: 3000, isShared: true },
      { hostname: hosts.get('api'), container: 'api', index: 1, port: 3001, isShared: true },
    ]);
    const at = (host: string | undefined) => database.repository(RoutesRepository).environmentAt(host ?? '');
    expect(await at(hosts.get('api'))).toMatchObject({ id: environmentId });
    expect(await at(hosts.get('admin'))).toBeNull();
    const locked = await database
      .repository(RoutesRepository)
      .whileLocked(row, (_transaction, hostnames) => Promise.resolve(hostnames));
    expect(new Set(locked)).toEqual(new Set(hosts.values()));
  });

  it('routes with the request timeout of the deployment, or the default where an earlier version stored none', async () => {
    const routes = database.repository(RoutesRepository);
    const timeoutWith = async (spec: string) => {
      await database.dataSource.query(`UPDATE deployments SET spec = ${spec} WHERE id = $1`, [first]);
      const [route] = await routes.findAll([(await environment()).hostname]);
      return route?.requestTimeoutSeconds;
    };
    await finish(first);
    expect(await timeoutWith(`spec || '{"request_timeout_seconds": 600}'`)).toBe(600);
    expect(await timeoutWith(`spec - 'request_timeout_seconds'`)).toBe(120);
  });

  it('replaces the previous deployment, which drains its connections', async () => {
    await finish(first);
    const second = await built(2);
    await lease(EPOCH);
    expect(await finish(second)).toBe(true);
    expect(await statuses()).toEqual(['replaced', 'live']);
    const [row] = await database.rows<{ left: number; finished: Date | null }>(
      `SELECT extract(epoch FROM drain_until - now())::float AS left, finished_at AS finished FROM deployments WHERE id = $1`,
      [first],
    );
    expect(row?.left).toBeGreaterThan(8);
    expect(row?.left).toBeLessThanOrEqual(10);
    expect(row?.finished).toBeInstanceOf(Date);
  });

  it('recovers an environment whose first deployment failed', async () => {
    await fail(first);
    expect(await environment()).toMatchObject({ status: 'failed' });
    const second = await built(2);
    await lease(EPOCH);
    await finish(second);
    expect(await environment()).toMatchObject({ status: 'running', live_deployment_id: second });
  });
});

describe('failRollout', () => {
  it('records why a rollout failed and fails an environment without a live version', async () => {
    expect(await fail(first)).toBe(true);
    expect(await environment()).toMatchObject({ status: 'failed', desired_deployment_id: null });
    const [row] = await database.rows('SELECT * FROM deployments WHERE id = $1', [first]);
    expect(row).toMatchObject({
      status: 'failed',
      failure_code: 'app_exited',
      failure_message: 'It exited.',
      finished_at: expect.any(Date) as Date,
    });
  });

  it('keeps the live version live and desired when a rollout fails', async () => {
    await finish(first);
    const second = await built(2);
    await lease(EPOCH);
    expect(await fail(second)).toBe(true);
    expect(await environment()).toMatchObject({
      status: 'running',
      live_deployment_id: first,
      desired_deployment_id: first,
    });
    expect(await statuses()).toEqual(['live', 'failed']);
    expect(await fail(first)).toBe(false);
  });
});

describe('a worker that lost its lease', () => {
  it.each([
    ['taken over', () => lease('8')],
    ['expired', () => lease(EPOCH, -1_000)],
  ])('neither finishes nor fails a rollout once its lease is %s', async (_, lose) => {
    await lose();
    expect(await finish(first)).toBe(false);
    expect(await fail(first)).toBe(false);
    expect(await statuses()).toEqual(['deploying']);
    expect(await environment()).toMatchObject({ status: 'pending', live_deployment_id: null });
  });

  it('does not record an environment as settled or destroyed after losing its lease', async () => {
    await lease('8');
    const seen = { environmentId, epoch: EPOCH, generation: (await environment()).generation };
    expect(await run((transaction) => settleEnvironment(transaction, seen))).toBe(false);
    await run((transaction) => destroyEnvironment(transaction, environmentId, BY_REQUEST));
    expect(await run((transaction) => recordDestroyed(transaction, seen))).toBe(false);
    expect(await environment()).toMatchObject({ status: 'destroying' });
  });
});

describe('settling and destroying an environment', () => {
  it('settles an environment only at the generation its worker saw, so that no later change is lost', async () => {
    const { generation } = await environment();
    const seen = { environmentId, epoch: EPOCH, generation };
    await database.dataSource.query('UPDATE environments SET generation = generation + 1 WHERE id = $1', [
      environmentId,
    ]);
    expect(await run((transaction) => settleEnvironment(transaction, seen))).toBe(false);
    const again = { ...seen, generation: String(Number(generation) + 1) };
    expect(await run((transaction) => settleEnvironment(transaction, again))).toBe(true);
    expect((await environment()).observed_generation).toBe(again.generation);
  });

  it('cancels deployments in progress when an environment is destroyed, once for repeated requests', async () => {
    await finish(first);
    await built(2);
    const third = await createQueuedDeployment(database, { project, number: 3 });
    await claimAny(database.unitOfWork, third.id);
    await createQueuedDeployment(database, { project, number: 4 });
    const before = await environment();
    const earlierJobs = (await jobsAbout(database, environmentId)).length;
    const answers = await Promise.all(
      [1, 2, 3].map(() => run((transaction) => destroyEnvironment(transaction, environmentId, BY_REQUEST))),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await statuses()).toEqual(['live', 'cancelled', 'cancelled', 'cancelled']);
    const after = await environment();
    expect(after).toMatchObject({ status: 'destroying', desired_state: 'destroyed' });
    expect(Number(after.generation)).toBe(Number(before.generation) + 1);
    expect(await jobsAbout(database, environmentId)).toHaveLength(earlierJobs + 1);
    expect(await claims.renew(third.id, 1, 60_000)).toBe(false);
  });

  it('removes the route of a destroyed environment at once, then its live deployment and host name', async () => {
    await finish(first);
    const { hostname } = await environment();
    await run((transaction) => destroyEnvironment(transaction, environmentId, BY_REQUEST));
    expect(await database.repository(RoutesRepository).findAll([hostname])).toEqual([]);
    const seen = { environmentId, epoch: EPOCH, generation: (await environment()).generation };
    expect(await run((transaction) => recordDestroyed(transaction, seen))).toBe(true);
    expect(await environment()).toMatchObject({
      status: 'destroyed',
      live_deployment_id: null,
      destroyed_at: expect.any(Date) as Date,
    });
    expect(await statuses()).toEqual(['replaced']);
    expect(
      await database.rows('SELECT environment_id FROM hostnames WHERE hostname = $1', [hostname]),
    ).toEqual([{ environment_id: null }]);
    expect(await run((transaction) => destroyEnvironment(transaction, environmentId, BY_REQUEST))).toBe(
      false,
    );
  });
});
