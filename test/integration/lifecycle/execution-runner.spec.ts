import { type Redactor } from '@nexos/logs';
import { type LogText } from '@nexos/contracts';
import {
  DeploymentsRepository,
  EnvironmentDatabasesRepository,
  EnvironmentsRepository,
  ExecutionsRepository,
  ProjectServicesRepository,
  queueExecution,
} from '@nexos/state';
import { type Lease } from '@nexos/database';
import { type Engine, type OneOffJobs } from '@nexos/engine';
import { DecryptedVariables, type ProjectVariables, type ServicePasswords } from '@nexos/env-vars';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { ContainerVariables } from '../../../apps/lifecycle/src/rollout/container-variables.js';
import type { ExecutionLogs } from '../../../apps/lifecycle/src/executions/execution-log.js';
import { ExecutionJobSpecs } from '../../../apps/lifecycle/src/executions/execution-job-specs.js';
import { ExecutionRunner } from '../../../apps/lifecycle/src/executions/execution-runner.js';
import { ExecutionWatch } from '../../../apps/lifecycle/src/executions/execution-watch.js';
import type { EnvironmentServices } from '../../../apps/lifecycle/src/services/environment-services.js';
import type { ProjectServices } from '../../../apps/lifecycle/src/services/project-services.js';
import type { ServiceRecipes } from '../../../apps/lifecycle/src/services/service-recipes.js';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { createQueuedDeployment } from '../../support/rows.js';

const EPOCH = '7';
const never = new AbortController().signal;
const lease: Lease = { epoch: EPOCH, signal: never, guard: () => Promise.resolve() };
let database: TestDatabase;
let environmentId: string;
let executionId: string;
let done: string[];
let checks: number;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());
beforeEach(async () => {
  done = [];
  checks = 0;
  ({ environmentId } = await createQueuedDeployment(database));
  await set(`status = 'running', live_deployment_id = latest_deployment_id`);
  const queued = await database.unitOfWork.run((transaction) =>
    queueExecution(transaction, {
      environmentId,
      container: 'app',
      command: ['env'],
      timeoutSeconds: 60,
      requestedBy: 'key_1',
    }),
  );
  executionId = 'id' in queued ? queued.id : '';
  await database.dataSource.query(`UPDATE deployments SET image_id = 'sha256:0' WHERE environment_id = $1`, [
    environmentId,
  ]);
  await database.dataSource.query('UPDATE executions SET lease_epoch = $2 WHERE id = $1', [
    executionId,
    EPOCH,
  ]);
});
const set = (what: string) =>
  database.dataSource.query(`UPDATE environments SET ${what} WHERE id = $1`, [environmentId]);
const status = async () =>
  (await database.rows<{ status: string }>('SELECT status FROM executions WHERE id = $1', [executionId]))[0]
    ?.status;

class CountedWatch extends ExecutionWatch {
  override check(id: string): Promise<void> {
    checks++;
    return super.check(id);
  }
}

/** Uses the real database and fakes of the engine and the services that record their calls. */
function runner(jobs: Partial<OneOffJobs> = {}): ExecutionRunner {
  const record = (what: string) => Promise.resolve(void done.push(what));
  const variables = new ContainerVariables(
    {
      open: () =>
        Promise.resolve(
          new DecryptedVariables([{ key: 'TOKEN', branch: '', value: 'of-now', isSecret: true }]),
        ),
    } as unknown as ProjectVariables,
    { reserve: () => record('reserve') } as unknown as ServicePasswords,
    { wanted: () => ['postgres'] } as unknown as ServiceRecipes,
    { baseDomain: 'test.example' } as never,
  );
  const specs = new ExecutionJobSpecs(
    database.repository(EnvironmentsRepository),
    database.repository(DeploymentsRepository),
    database.repository(ProjectServicesRepository),
    variables,
    { ensureRunning: () => record('reach').then(() => ({})) } as unknown as EnvironmentServices,
    { wanted: () => ['postgres'] } as unknown as ServiceRecipes,
  );
  const logs = {
    open: (_: unknown, redactor: Redactor) => {
      const take = ({ text }: LogText) => void done.push(redactor.redact(text));
      const nothing = () => Promise.resolve();
      const writer = {
        note: () => undefined,
        redactAlso: () => undefined,
        archive: nothing,
        close: nothing,
        redact: String,
      };
      return Promise.resolve({ take, writer });
    },
  } as unknown as ExecutionLogs;
  return new ExecutionRunner(
    database.unitOfWork,
    database.repository(ExecutionsRepository),
    database.repository(EnvironmentsRepository),
    database.repository(EnvironmentDatabasesRepository),
    { ping: () => Promise.resolve() } as unknown as Engine,
    {
      removeAll: () => Promise.resolve(),
      run: () => record('run').then(() => ({ kind: 'exited', code: 0 })),
      ...jobs,
    } as unknown as OneOffJobs,
    specs,
    new CountedWatch(database.repository(ExecutionsRepository)),
    logs,
    { stopIfUnused: () => record('rest') } as unknown as ProjectServices,
  );
}
const run = (jobs?: Partial<OneOffJobs>) => runner(jobs).run(executionId, { lease, signal: never });

it('provisions nothing in services for a command, since its environment may just have lost its part', async () => {
  await run();
  expect(done).toEqual(['reach', 'run']);
  expect(await status()).toBe('exited');
});

it('starts a command that was requested before a database reset once the reset is done', async () => {
  await set('database_generation = 2');
  let isOver = false;
  const running = run().finally(() => (isOver = true));
  await eventually('another check of the execution', () => Promise.resolve(checks > 1 ? true : undefined));
  expect([done, isOver, await status()]).toEqual([[], false, 'queued']);
  await set('observed_database_generation = 2');
  await running;
  expect(done).toEqual(['reach', 'run']);
});

it('stops the services it started when the environment was paused during the command', async () => {
  await run({
    run: async () => {
      await set(`desired_state = 'paused', status = 'paused'`);
      return { kind: 'exited', code: 0 };
    },
  });
  expect(done).toEqual(['reach', 'rest']);
});

it('redacts the variables given to a container that another worker started, even after they changed', async () => {
  await database.dataSource.query(
    `UPDATE executions SET status = 'running', deployment_id = (SELECT live_deployment_id FROM environments WHERE id = $2)
     WHERE id = $1`,
    [executionId, environmentId],
  );
  await run({
    variablesOf: () => Promise.resolve({ TOKEN: 'of-before', NEXOS_BRANCH: 'feature/x' }),
    adopt: (_, { onLine }) => {
      onLine?.({ stream: 'stdout', text: 'of-before of-now feature/x' });
      return Promise.resolve({ kind: 'exited', code: 0 });
    },
  });
  expect(done).toEqual(['[redacted] [redacted] feature/x']);
});
