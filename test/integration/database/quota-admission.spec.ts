import {
  actOnEnvironment,
  admitProject,
  destroyEnvironment,
  DeploymentsRepository,
  rollBack,
  SettingsAdmission,
  wakeEnvironment,
} from '@nexos/state';
import { DeploymentEntity, type Transaction, UnitOfWork } from '@nexos/database';
import { type Excess, QuotaExceededError } from '@nexos/domain';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { API_ACTOR, BY_REQUEST, insertProject } from '../../support/rows.js';
import { type Pushed, QuotaFixture } from './quota-fixture.js';

let database: TestDatabase;
let others: DataSource[];
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  others = await Promise.all([database.connectAnother(), database.connectAnother()]);
});
afterAll(async () => {
  await Promise.all(others.map((other) => other.destroy()));
  await database.drop();
});

let account: QuotaFixture;
afterEach(async () => {
  expect(await account.drift()).toEqual([]);
});

const run = <T>(work: (transaction: Transaction) => Promise<T>) => database.unitOfWork.run(work);
/** Returns the excess for which something is refused; undefined when it is not. */
const excessOf = (work: Promise<unknown>): Promise<Excess | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof QuotaExceededError) return error.excess;
      throw error;
    },
  );
const act = (action: 'resume' | 'rebuild', { environmentId }: Pushed) =>
  excessOf(run((transaction) => actOnEnvironment(transaction, environmentId, action, API_ACTOR)));
const PAUSED = `status = 'paused', desired_state = 'paused'`;

describe('projects', () => {
  it('are admitted up to the limit by concurrent transactions of several processes', async () => {
    account = await QuotaFixture.create(database, { max_projects: 5 });
    const { accountId } = account;
    const admitted = Array.from({ length: 20 }, (_, at) =>
      excessOf(
        new UnitOfWork(others[at % 2] ?? database.dataSource).run(async (transaction) => {
          await admitProject(transaction, accountId);
          await insertProject(transaction.manager, { accountId });
        }),
      ),
    );
    const refused = (await Promise.all(admitted)).filter((excess) => excess !== undefined);
    expect(refused).toHaveLength(15);
    expect(refused[0]).toEqual({ resource: 'max_projects', limit: 5, usage: 5, request: 1 });
    expect(await account.usage()).toMatchObject({ projects: 5 });
  });
});

describe('CPU and memory', () => {
  it('are reserved by concurrent pushes of several projects up to the limit', async () => {
    account = await QuotaFixture.create(database, { max_cpu: 4, environments_per_project: 20 });
    const [one, other] = await Promise.all([account.project({ cpu: 1 }), account.project({ cpu: 1 })]);
    const pushes = Array.from({ length: 20 }, (_, at) =>
      account.push(at % 2 === 0 ? one : other, `branch-${at}`, others[at % 2]),
    );
    const pushed = await Promise.all(pushes);
    expect(pushed.filter(({ status }) => status === 'queued')).toHaveLength(4);
    const failed = pushed.filter(({ status }) => status === 'failed');
    expect(failed).toHaveLength(16);
    expect(failed[0]).toMatchObject({
      code: 'quota_exceeded',
      message: expect.stringMatching(/^The quota allows 4 CPU cores: 4 in use, 1 more requested\./) as string,
      environmentStatus: 'failed',
    });
    expect(await account.usage()).toMatchObject({ cpu: 4, memoryMb: 4 * 512 });
  });

  it('count once for an environment whose new version replaces the live one, with the larger one', async () => {
    account = await QuotaFixture.create(database, { max_cpu: 2 });
    const project = await account.project({ cpu: 2 });
    const first = await account.live(project);
    expect(await account.push(project)).toMatchObject({ status: 'queued' });
    expect(await account.usage()).toMatchObject({ cpu: 2 });
    const smaller = await account.configure(project.id, { cpu: 1 });
    const next = await account.push(smaller);
    expect(await account.usage()).toMatchObject({ cpu: 2 });
    await account.goLive(next);
    expect(next.environmentId).toBe(first.environmentId);
    expect(await account.usage()).toMatchObject({ cpu: 1 });
  });

  it('count for all containers, and for the services of the project once', async () => {
    account = await QuotaFixture.create(database);
    const project = await account.project({
      cpu: 0.5,
      memory_mb: 256,
      services: { postgres: {}, redis: {} },
      containers: [{ name: 'worker', cpu: 0.25, memory_mb: 128 }],
    });
    await account.push(project, 'a');
    await account.push(project, 'b');
    expect(await account.usage()).toEqual({
      projects: 1,
      cpu: 2 * 0.75 + 2,
      memoryMb: 2 * 384 + 512 + 256,
    });
    await database.dataSource.query(
      `INSERT INTO project_services (project_id, kind, sealed_password, memory_mb) VALUES ($1, 'postgres', '', 700)`,
      [project.id],
    );
    expect(await account.usage()).toMatchObject({ memoryMb: 2 * 384 + 700 + 256 });
  });

  it('are released once a pause has ended, and reserved again by a resume', async () => {
    account = await QuotaFixture.create(database, { max_memory_mb: 1_024 });
    const project = await account.project({ services: { redis: {} } });
    const paused = await account.live(project);
    await account.set(paused.environmentId, `status = 'pausing', desired_state = 'paused'`);
    expect(await account.usage()).toMatchObject({ memoryMb: 768 });
    await account.set(paused.environmentId, PAUSED);
    expect(await account.usage()).toMatchObject({ cpu: 0, memoryMb: 0 });

    const other = await account.live(await account.project());
    const excess = { resource: 'max_memory_mb', limit: 1_024, usage: 512, request: 768 };
    expect(await act('resume', paused)).toEqual(excess);
    expect(await account.usage()).toMatchObject({ memoryMb: 512 });
    await account.set(other.environmentId, PAUSED);
    expect(await act('resume', paused)).toBeUndefined();
    expect(await account.usage()).toMatchObject({ memoryMb: 768 });
  });

  it('are reserved again by a visit that wakes a sleeping environment', async () => {
    account = await QuotaFixture.create(database, { max_cpu: 1 });
    const asleep = await account.live(await account.project({ cpu: 1 }));
    await account.set(asleep.environmentId, `${PAUSED}, asleep = true`);
    const other = await account.live(await account.project({ cpu: 0.5 }));
    const wake = () => excessOf(run((transaction) => wakeEnvironment(transaction, asleep.environmentId)));
    expect(await wake()).toEqual({ resource: 'max_cpu', limit: 1, usage: 0.5, request: 1 });
    await account.set(other.environmentId, PAUSED);
    expect(await wake()).toBeUndefined();
    expect(await account.usage()).toMatchObject({ cpu: 1 });
  });

  it('are not needed to build for a paused environment, but to resume it on the larger version', async () => {
    account = await QuotaFixture.create(database, { max_cpu: 1 });
    const project = await account.project({ cpu: 1 });
    const paused = await account.live(project);
    await account.set(paused.environmentId, PAUSED);
    const larger = await account.configure(project.id, { cpu: 3 });
    expect(await account.push(larger)).toMatchObject({ status: 'queued' });
    expect(await account.usage()).toMatchObject({ cpu: 0 });
    expect(await act('resume', paused)).toMatchObject({ resource: 'max_cpu', usage: 0, request: 3 });
  });

  it('stay reserved by a destruction until its containers have stopped, beside the next environment of its branch', async () => {
    account = await QuotaFixture.create(database, { max_cpu: 1, environments_per_project: 1 });
    const project = await account.project({ cpu: 1 });
    const first = await account.live(project);
    const destroy = ({ environmentId }: Pushed) =>
      run((transaction) => destroyEnvironment(transaction, environmentId, BY_REQUEST));
    await destroy(first);
    expect(await account.usage()).toMatchObject({ cpu: 1 });
    const next = await account.live(project);
    expect(await account.usage()).toMatchObject({ cpu: 1 });
    await destroy(next);
    expect(await account.usage()).toMatchObject({ cpu: 2 });
    expect(await account.push(project)).toMatchObject({ status: 'failed', code: 'quota_exceeded' });
    await account.set(
      first.environmentId,
      `status = 'destroyed', destroyed_at = now(), live_deployment_id = NULL`,
    );
    expect(await account.push(project)).toMatchObject({ status: 'queued' });
    expect(await account.usage()).toMatchObject({ cpu: 1 });
  });

  it('count for a version that was rolling out when its environment was destroyed', async () => {
    account = await QuotaFixture.create(database);
    const { id, environmentId } = await account.push(await account.project({ cpu: 1 }));
    await database.dataSource.query(`UPDATE deployments SET status = 'deploying' WHERE id = $1`, [id]);
    await account.set(environmentId, 'desired_deployment_id = latest_deployment_id');
    await run((transaction) => destroyEnvironment(transaction, environmentId, BY_REQUEST));
    expect(await account.usage()).toMatchObject({ cpu: 1 });
  });

  it('are refused to a rollback to a version that needs more', async () => {
    account = await QuotaFixture.create(database, { max_cpu: 2 });
    const project = await account.project({ cpu: 2 });
    const { environmentId } = await account.live(project);
    await account.live(await account.configure(project.id, { cpu: 0.5 }));
    const back = () => excessOf(run((transaction) => rollBack(transaction, environmentId, null, API_ACTOR)));
    await account.limit({ max_cpu: 1 });
    expect(await back()).toEqual({ resource: 'max_cpu', limit: 1, usage: 0.5, request: 1.5 });
    await account.limit({ max_cpu: 2 });
    expect(await back()).toBeUndefined();
    expect(await account.usage()).toMatchObject({ cpu: 2 });
  });

  it('stay with what runs when the limit becomes lower, and no more is admitted', async () => {
    account = await QuotaFixture.create(database, { max_cpu: 4 });
    const project = await account.project({ cpu: 2 });
    const main = await account.live(project);
    await account.live(project, 'b');
    await account.limit({ max_cpu: 1 });
    expect(await act('rebuild', main)).toBeUndefined();
    expect(await account.push(project, 'b')).toMatchObject({ status: 'queued' });
    expect(await account.push(project, 'c')).toMatchObject({ status: 'failed', code: 'quota_exceeded' });
    const larger = await account.configure(project.id, { cpu: 3 });
    expect(await account.push(larger)).toMatchObject({ status: 'failed', environmentStatus: 'running' });
    expect(await act('rebuild', main)).toEqual({ resource: 'max_cpu', limit: 1, usage: 4, request: 1 });
    expect(await account.usage()).toMatchObject({ cpu: 4 });
  });
});

describe('environments', () => {
  it('are limited per project: the deployment fails, and its environment is destroyed', async () => {
    account = await QuotaFixture.create(database, { environments_per_project: 2 });
    const project = await account.project();
    await account.push(project, 'a');
    await account.push(project, 'b');
    const refused = await account.push(project, 'c');
    expect(refused).toMatchObject({
      status: 'failed',
      code: 'quota_exceeded',
      message: expect.stringContaining('allows 2 environments of the project') as string,
      environmentStatus: 'destroying',
    });
    expect(await account.push(project, 'a')).toMatchObject({ status: 'queued' });
    expect(await account.push(await account.project(), 'c')).toMatchObject({ status: 'queued' });
  });

  it('can have a limited number of containers', async () => {
    account = await QuotaFixture.create(database, { containers_per_environment: 2 });
    const worker = (name: string) => ({ name, cpu: 0.1, memory_mb: 64 });
    const project = await account.project({ containers: [worker('a')] });
    expect(await account.push(project)).toMatchObject({ status: 'queued' });
    const more = await account.configure(project.id, { containers: [worker('a'), worker('b')] });
    expect(await account.push(more)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('allows 2 containers of the environment') as string,
    });
  });
});

describe('the settings of a commit', () => {
  /** Records settings for a build of a push, as the builder does once it has read the file of the commit. */
  async function record(pushed: Pushed, settings: object): Promise<Excess | undefined> {
    await database.dataSource.query(`UPDATE deployments SET status = 'building', attempt = 1 WHERE id = $1`, [
      pushed.id,
    ]);
    const build = await database.dataSource.manager.findOneByOrFail(DeploymentEntity, { id: pushed.id });
    const { unitOfWork } = database;
    const admission = new SettingsAdmission(unitOfWork, new DeploymentsRepository(unitOfWork));
    return excessOf(admission.record(build, { ...build.settings, ...settings }, null));
  }

  it('are refused and not recorded when they ask for more than there is', async () => {
    account = await QuotaFixture.create(database, { max_cpu: 2 });
    const pushed = await account.push(await account.project({ cpu: 1 }));
    const excess = { resource: 'max_cpu', limit: 2, usage: 0, request: 3 };
    expect(await record(pushed, { cpu: 3 })).toEqual(excess);
    expect(await account.usage()).toMatchObject({ cpu: 1 });
  });

  it('reserve more than the settings of the project, or less', async () => {
    account = await QuotaFixture.create(database, { max_cpu: 2 });
    const project = await account.project({ cpu: 1 });
    expect(await record(await account.push(project), { cpu: 2 })).toBeUndefined();
    expect(await account.usage()).toMatchObject({ cpu: 2 });
    const next = await account.push(await account.project({ cpu: 1 }));
    expect(next).toMatchObject({ status: 'failed' });
  });

  it('are recorded without asking for room when they need no more, also above a lowered limit', async () => {
    account = await QuotaFixture.create(database);
    const pushed = await account.push(await account.project({ cpu: 1 }));
    await account.limit({ max_cpu: 0 });
    expect(await record(pushed, { cpu: 0.5, port: 80 })).toBeUndefined();
    expect(await account.usage()).toMatchObject({ cpu: 0.5 });
  });
});
