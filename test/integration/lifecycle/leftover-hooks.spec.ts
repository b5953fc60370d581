import { type LogWriter } from '@nexos/logs';
import { WorkerConfig } from '@nexos/config';
import { DeploymentEntity, EnvironmentEntity, type Lease } from '@nexos/database';
import { EnvironmentDatabasesRepository, NodeRemovalsRepository } from '@nexos/state';
import { newId } from '@nexos/domain';
import { type JobEnd, type OneOffJobs } from '@nexos/engine';
import { DecryptedVariables } from '@nexos/env-vars';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { AppStarter } from '../../../apps/lifecycle/src/rollout/app-starter.js';
import { HookJobs } from '../../../apps/lifecycle/src/hooks/hook-jobs.js';
import {
  RolloutSupersededError,
  type SupersedeCheck,
} from '../../../apps/lifecycle/src/reconcile/supersede-check.js';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment } from '../../support/rows.js';

interface Job {
  readonly deploymentId: string;
  readonly kind: string;
  readonly run: string;
  isDone: boolean;
}

const { signal } = new AbortController();
let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

/** The jobs on a fake engine; a job succeeds at once unless `hangs` is set. */
class FakeJobs {
  left: Job[] = [];
  /** The kinds of the jobs started, in order. */
  readonly started: string[] = [];
  /** Whether `on_new` was recorded as run, for each removal of jobs. */
  readonly recordedAtRemoval: boolean[] = [];
  /** Makes a `new` job hang: it has ended but for its output, or it still runs. */
  hangs: 'done' | 'running' | null = null;

  constructor(private readonly environmentId: string) {}

  listSucceeded(owner: object, { kind, run }: { kind: string; run: string }): Promise<string[]> {
    expect(owner).toEqual({ environmentId: this.environmentId });
    const found = this.left.filter((job) => job.kind === kind && job.run === run && job.isDone);
    return Promise.resolve(found.map(({ deploymentId }) => deploymentId));
  }

  async removeAll(
    _owner: object,
    guard: () => Promise<void>,
    _signal: AbortSignal,
    spared?: { deploymentId: string; run: string },
  ): Promise<void> {
    this.recordedAtRemoval.push(
      !(await database.repository(EnvironmentDatabasesRepository).isNew(this.environmentId)),
    );
    await guard();
    this.left = this.left.filter(
      ({ deploymentId, run }) => deploymentId === spared?.deploymentId && run === spared.run,
    );
  }

  async run(
    { ownerId: deploymentId, kind, run }: { ownerId: string; kind: string; run: string },
    work: { signal: AbortSignal },
  ): Promise<JobEnd> {
    const isThere = this.left.some((job) => job.deploymentId === deploymentId && job.kind === kind);
    if (!isThere) this.started.push(kind);
    const hangs = kind === 'new' && this.hangs !== null;
    this.left.push({ deploymentId, kind, run, isDone: !hangs || this.hangs === 'done' });
    if (hangs) await new Promise((_, reject) => (work.signal.onabort = () => reject(new Error('aborted'))));
    return { kind: 'exited', code: 0 };
  }
}

describe('leftover hook jobs', () => {
  let environment: EnvironmentEntity;
  let deployment: DeploymentEntity;
  let jobs: FakeJobs;
  let isSuperseded: boolean;
  const previousId = newId('deployment');
  const logged: string[] = [];

  beforeEach(async () => {
    const { id, environmentId } = await createQueuedDeployment(database);
    const { manager } = database.dataSource;
    environment = await manager.findOneByOrFail(EnvironmentEntity, { id: environmentId });
    deployment = await manager.findOneByOrFail(DeploymentEntity, { id });
    deployment.imageId = `sha256:${'0'.repeat(64)}`;
    deployment.settings = {
      ...deployment.settings,
      hooks: { ...deployment.settings.hooks, on_deploy: ['migrate'], on_new: ['fill'] },
    };
    jobs = new FakeJobs(environmentId);
    isSuperseded = false;
    logged.length = 0;
  });

  const isNew = () => database.repository(EnvironmentDatabasesRepository).isNew(environment.id);
  const left = (job: Partial<Job> = {}) =>
    jobs.left.push({ deploymentId: previousId, kind: 'new', run: 'database-0', isDone: true, ...job });
  const withDatabase = async () => {
    const place = [environment.projectId, environment.id];
    await database.dataSource.query(
      `INSERT INTO project_services (project_id, kind, sealed_password) VALUES ($1, 'postgres', '')`,
      [environment.projectId],
    );
    await database.dataSource.query(
      `INSERT INTO environment_services (project_id, environment_id, kind, number, sealed_password, provisioned_at)
       VALUES ($1, $2, 'postgres', 1, '', now())`,
      place,
    );
  };
  const prepare = (lease: Partial<Lease> = {}) => {
    const check = () => (isSuperseded ? Promise.reject(new RolloutSupersededError()) : Promise.resolve());
    const starter = new AppStarter(
      database.repository(EnvironmentDatabasesRepository),
      database.repository(NodeRemovalsRepository),
      { prepare: () => Promise.resolve() } as never,
      { wanted: () => [] } as never,
      {} as never,
      { environmentOf: () => ({}) } as never,
      new HookJobs(
        database.repository(EnvironmentDatabasesRepository),
        jobs as unknown as OneOffJobs,
        { check } as unknown as SupersedeCheck,
        new WorkerConfig(),
      ),
      {} as never,
      {} as never,
      {} as never,
      {} as never,
    );
    const held: Lease = { epoch: environment.leaseEpoch, signal, guard: () => Promise.resolve(), ...lease };
    const log = {
      note: (text: string) => logged.push(text),
      append: () => undefined,
      redactAlso: () => undefined,
    } as unknown as LogWriter;
    return starter.prepare({ environment, deployment, lease: held, signal, log }, new DecryptedVariables([]));
  };

  it('removes the hook jobs that a lost worker left of another version', async () => {
    left({ isDone: false });
    left({ kind: 'deploy' });
    await prepare();
    expect(jobs.started).toEqual(['deploy', 'new']);
    expect(jobs.left.map(({ deploymentId }) => deploymentId)).toEqual([deployment.id, deployment.id]);
    expect(await isNew()).toBe(false);
  });

  it('records and then removes an on_new that ended with another version, and does not run it again', async () => {
    left();
    await prepare();
    expect(jobs.started).toEqual(['deploy']);
    expect(jobs.recordedAtRemoval).toEqual([true]);
    expect(logged).toContain('on_new: has already run');
  });

  it('follows an ended hook of the same version, so that its output is logged', async () => {
    left({ deploymentId: deployment.id });
    await prepare();
    expect(jobs.started).toEqual(['deploy']);
    expect(jobs.recordedAtRemoval).toEqual([false]);
    expect(logged).toContain('on_new: running');
    expect(await isNew()).toBe(false);
  });

  it.each([
    ['before there was a database', 'database-0', 1],
    ['for the previous database', 'database-1', 2],
  ])('ignores an on_new that ended %s', async (_when, run, generation) => {
    await withDatabase();
    await database.dataSource.query(
      `UPDATE environments SET database_generation = $2, observed_database_generation = $2 WHERE id = $1`,
      [environment.id, generation],
    );
    left({ run });
    await prepare();
    expect(jobs.started).toEqual(['deploy', 'new']);
    expect(jobs.left.map((job) => job.run)).toEqual([`database-${generation}`, `database-${generation}`]);
  });

  it('records and removes nothing when the worker has lost its lease', async () => {
    left();
    const guard = () => Promise.reject(new Error('lost'));
    await expect(prepare({ epoch: '99', guard })).rejects.toThrow('lost');
    expect([await isNew(), jobs.left.length]).toEqual([true, 1]);
  });

  it.each([
    ['ended while its output was read is recorded', 'done', false],
    ['was cut off runs again with the next version', 'running', true],
  ] as const)('a superseded on_new that %s', async (_what, hangs, staysNew) => {
    jobs.hangs = hangs;
    isSuperseded = true;
    await expect(prepare()).rejects.toThrow(RolloutSupersededError);
    expect(jobs.recordedAtRemoval).toEqual([false, !staysNew]);
    expect([await isNew(), jobs.left]).toEqual([staysNew, []]);
  });
});
