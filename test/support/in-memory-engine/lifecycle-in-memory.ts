import { randomBytes } from 'node:crypto';
import { loadConfig } from '@nexos/config';
import { BuildLog, OutputArchive } from '@nexos/logs';
import { Leases } from '@nexos/database';
import { cancelExecution, DueEnvironmentsRepository, queueExecution, rollBack } from '@nexos/state';
import { Test, type TestingModule } from '@nestjs/testing';
import { JobQueues } from '@nexos/queue';
import { vi } from 'vitest';
import { ExecutionRunner } from '../../../apps/lifecycle/src/executions/execution-runner.js';
import { CheckHealthHandler } from '../../../apps/lifecycle/src/health/check-health.handler.js';
import { LIFECYCLE_CONFIG } from '../../../apps/lifecycle/src/lifecycle.config.js';
import { LifecycleModule } from '../../../apps/lifecycle/src/lifecycle.module.js';
import { ReconcileEnvironmentHandler } from '../../../apps/lifecycle/src/reconcile/reconcile-environment.handler.js';
import { MoveEnvironmentHandler } from '../../../apps/lifecycle/src/nodes/move-environment.handler.js';
import { NodeObserver } from '../../../apps/lifecycle/src/nodes/node-observer.js';
import { StorageWatcher } from '../../../apps/lifecycle/src/services/storage-watcher.js';
import { RelaySweeper } from '../../../apps/lifecycle/src/relays/relay-sweeper.js';
import { TestDatabase } from '../database.js';
import type { TestSystem } from '../global-setup.js';
import { insertBuilt, type Wanted } from '../built-deployment.js';
import { insertProject, BY_REQUEST } from '../rows.js';
import { SILENT } from '../silent-logger.js';
import { INSTANCE } from './fake-services.js';
import { fakesOf } from './fakes.js';
import { InMemoryEngine } from './in-memory-engine.js';

const never = new AbortController().signal;

/**
 * The lifecycle worker with all its own parts, a real Postgres and Redis, and an in-memory engine and ingress, so that
 * tests see its decisions in milliseconds. Nothing runs unless a test asks for it; `reconcile` is one job.
 */
export class LifecycleInMemory {
  private constructor(
    readonly database: TestDatabase,
    private readonly module: TestingModule,
    readonly engine: InMemoryEngine,
  ) {}

  /** @param env further environment variables of the worker */
  static async start(system: TestSystem, env: Record<string, string> = {}): Promise<LifecycleInMemory> {
    const database = await TestDatabase.create(system);
    const engine = new InMemoryEngine();
    const config = loadConfig(LIFECYCLE_CONFIG, {
      ...system.env,
      DATABASE_URL: database.url,
      REDIS_PREFIX: `t${randomBytes(3).toString('hex')}`,
      NEXOS_INSTANCE: INSTANCE,
      DRAIN_MS: '0',
      ...env,
    });
    let builder = Test.createTestingModule({ imports: [LifecycleModule.forRoot(config)] });
    for (const [token, fake] of fakesOf(engine)) builder = builder.overrideProvider(token).useValue(fake);
    const module = await builder.setLogger(SILENT).compile();
    return new LifecycleInMemory(database, module, engine);
  }

  async stop(): Promise<void> {
    await this.module.close();
    await this.database.drop();
  }

  project(): ReturnType<typeof insertProject> {
    return insertProject(this.database.dataSource.manager);
  }

  /** Creates a deployment that is built and waits to be rolled out. */
  built(
    project: Awaited<ReturnType<typeof insertProject>>,
    wanted: Wanted & { branch?: string } = {},
  ): Promise<{ id: string; environmentId: string }> {
    return insertBuilt(this.database, project, wanted);
  }

  /** Returns the last lines of a container of the deployment that outlive it. */
  async lastOutput({ id: deploymentId }: { readonly id: string }, container = 'app'): Promise<string[]> {
    const lines = await this.module.get(OutputArchive, { strict: false }).read({ deploymentId, container });
    return lines.map(({ text }) => text);
  }

  /** Returns the log of a deployment or a command. */
  async log({ id }: { readonly id: string }): Promise<string[]> {
    const { reader } = this.module.get(BuildLog, { strict: false });
    const { lines } = await reader.read(id, { writer: 0, sequence: 0 }, 1_000);
    return lines.map(({ text }) => text);
  }

  /** Runs one job for this environment. */
  reconcile({ environmentId }: { readonly environmentId: string }): Promise<void> {
    return this.module.get(ReconcileEnvironmentHandler, { strict: false }).handle({ environmentId }, never);
  }

  /** Runs the job after an exit. This worker does not watch health otherwise. */
  checkHealth(environment: { readonly environmentId: string }): Promise<void> {
    return this.module.get(CheckHealthHandler, { strict: false }).handle(environment);
  }

  /** Runs the job that moves this environment off nodes that are being removed. */
  move({ environmentId }: { readonly environmentId: string }): Promise<void> {
    return this.module.get(MoveEnvironmentHandler, { strict: false }).handle({ environmentId }, never);
  }

  /** Measures the services of all projects once. */
  checkStorage(): Promise<void> {
    return this.module.get(StorageWatcher, { strict: false }).check();
  }

  /** Looks at the nodes once, and takes the next step of each removal. */
  observeNodes(): Promise<void> {
    return this.module.get(NodeObserver, { strict: false }).run();
  }

  /** Sees to the relays of all projects, and returns the environments whose move it enqueues. */
  async sweepRelays(): Promise<string[]> {
    const enqueue = vi.spyOn(this.module.get(JobQueues, { strict: false }), 'reenqueue');
    const moving: string[] = [];
    enqueue.mockImplementation((reminders) => {
      for (const { job } of reminders)
        if ('environmentId' in job.payload) moving.push(job.payload.environmentId);
      return Promise.resolve();
    });
    const sweeper = this.module.get(RelaySweeper, { strict: false });
    try {
      // It looks at the engine once in four turns while nothing is to be moved.
      for (let turn = 0; turn < 4; turn++) await sweeper.run();
      return [...new Set(moving)];
    } finally {
      enqueue.mockRestore();
    }
  }

  /** Builds and rolls out, and returns the resulting deployment. */
  async deploy(
    project: Awaited<ReturnType<typeof insertProject>>,
    wanted: Wanted & { branch?: string } = {},
  ) {
    const built = await this.built(project, wanted);
    await this.reconcile(built);
    return { ...built, ...(await this.deployment(built)) };
  }

  /** Requests an action as the API does. */
  async want(environmentId: string, change: string): Promise<void> {
    await this.database.dataSource.query(
      `UPDATE environments SET ${change}, generation = generation + 1 WHERE id = $1`,
      [environmentId],
    );
  }

  /** Rolls back to the previous version as the API does, and returns the resulting deployment. */
  async rollBack({ environmentId }: { readonly environmentId: string }) {
    const outcome = await this.database.unitOfWork.run((transaction) =>
      rollBack(transaction, environmentId, null, 'key_1'),
    );
    if (outcome.refused !== null) throw new Error(outcome.refused);
    await this.reconcile({ environmentId });
    const [latest] = await this.database.rows<{ id: string }>(
      'SELECT latest_deployment_id AS id FROM environments WHERE id = $1',
      [environmentId],
    );
    if (latest === undefined) throw new Error(`${environmentId} does not exist`);
    return { ...latest, environmentId, ...(await this.deployment(latest)) };
  }

  /** Requests an action as the API does, and runs its job. */
  async act(environmentId: string, change: string): Promise<void> {
    await this.want(environmentId, change);
    await this.reconcile({ environmentId });
  }

  /** Requests a command in the live version's environment, as the API does. */
  async queueCommand(
    { environmentId }: { readonly environmentId: string },
    command = ['true'],
    container = 'app',
  ): Promise<string> {
    const wanted = { environmentId, container, command, timeoutSeconds: 60, requestedBy: 'key_1' };
    const queued = await this.database.unitOfWork.run((transaction) => queueExecution(transaction, wanted));
    if ('refused' in queued) throw new Error(queued.refused);
    return queued.id;
  }

  /** Cancels a command, and runs the job for it. */
  async cancelCommand(id: string): Promise<void> {
    await this.database.unitOfWork.run((transaction) => cancelExecution(transaction, id, BY_REQUEST));
    await this.runCommand(id);
  }

  /** Runs the job for a command, and returns its outcome. */
  async runCommand(id: string) {
    const runner = this.module.get(ExecutionRunner, { strict: false });
    await this.module.get(Leases, { strict: false }).hold('executions', id, async (lease) => {
      await runner.run(id, { lease, signal: never });
      return {};
    });
    const [row] = await this.database.rows<{ status: string; exitCode: number | null; code: string | null }>(
      'SELECT status, exit_code AS "exitCode", failure_code AS code FROM executions WHERE id = $1',
      [id],
    );
    if (row === undefined) throw new Error(`${id} does not exist`);
    return row;
  }

  /** Returns whether a delayed job for this environment is enqueued. */
  async restarts({ environmentId }: { readonly environmentId: string }): Promise<boolean> {
    const rows = await this.database.rows(
      `SELECT 1 FROM outbox WHERE payload->>'environmentId' = $1 AND delay_ms > 0`,
      [environmentId],
    );
    return rows.length > 0;
  }

  /** Returns whether Nexos would try a failed environment again now. */
  async isRetryDue({ environmentId }: { readonly environmentId: string }): Promise<boolean> {
    const due = await this.database.repository(DueEnvironmentsRepository).findRetryable();
    return due.some(({ id }) => id === environmentId);
  }

  /** Makes the next attempt of a failed environment due, if there will be one. */
  async letBackOffPass({ environmentId }: { readonly environmentId: string }): Promise<void> {
    await this.database.dataSource.query(
      `UPDATE environments SET retry_at = now() - interval '1 second' WHERE id = $1 AND retry_at IS NOT NULL`,
      [environmentId],
    );
  }

  /** Returns the events of an environment, oldest first. */
  eventsOf({ environmentId }: { readonly environmentId: string }, type: string) {
    return this.database.rows<{ to: string | null; generation: string | null; reason: string | null }>(
      `SELECT data->>'to' AS to, data->>'generation' AS generation, reason FROM environment_events
       WHERE environment_id = $1 AND type = $2 ORDER BY seq`,
      [environmentId, type],
    );
  }

  /** Returns whether a container of a deployment should run, as a number; undefined when it has no service. */
  replicasOf({ id }: { readonly id: string }, container = 'app'): number | undefined {
    const services = [...this.engine.apps.values()].filter(({ spec }) => spec.deploymentId === id);
    return services.find(({ spec }) => spec.container === container)?.replicas;
  }

  /** Returns the target of an environment's route, if it has one. */
  async routeOf(environment: { readonly environmentId: string }): Promise<string | undefined> {
    return this.engine.routes.get((await this.environment(environment)).hostname);
  }

  /** Returns the state of an environment. */
  async environment({ environmentId }: { readonly environmentId: string }) {
    const [row] = await this.database.rows<{
      status: string;
      hostname: string;
      live: string | null;
      error: string | null;
      failure: string | null;
      message: string | null;
      isSettled: boolean;
    }>(
      `SELECT status, hostname, live_deployment_id AS live, error_code AS error, failure_code AS failure,
         failure_message AS message, generation = observed_generation AS "isSettled"
       FROM environments WHERE id = $1`,
      [environmentId],
    );
    if (row === undefined) throw new Error(`${environmentId} does not exist`);
    return row;
  }

  /** Returns the state of a deployment. */
  async deployment({ id }: { readonly id: string }) {
    const [row] = await this.database.rows<{ status: string; code: string | null; message: string | null }>(
      'SELECT status, failure_code AS code, failure_message AS message FROM deployments WHERE id = $1',
      [id],
    );
    if (row === undefined) throw new Error(`${id} does not exist`);
    return row;
  }
}
