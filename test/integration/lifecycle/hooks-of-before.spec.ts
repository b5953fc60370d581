import type { LogWriter } from '@nexos/build-log';
import { WorkerConfig } from '@nexos/config';
import { DeploymentEntity, EnvironmentEntity, type Lease } from '@nexos/database';
import type { OneOffJobs } from '@nexos/engine';
import { OpenVariables } from '@nexos/env-vars';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { AppStarter } from '../../../apps/lifecycle/src/app-starter.js';
import { HookJobs } from '../../../apps/lifecycle/src/hook-jobs.js';
import type { Overtaking } from '../../../apps/lifecycle/src/overtaking.js';
import { TestDatabase } from '../../support/database.js';
import { aQueuedDeployment } from '../../support/rows.js';

const { signal } = new AbortController();
let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

it('what a lost worker has left of other hooks is gone before those of a version begin', async () => {
  const { id, environmentId } = await aQueuedDeployment(database);
  const { manager } = database.dataSource;
  const environment = await manager.findOneByOrFail(EnvironmentEntity, { id: environmentId });
  const deployment = await manager.findOneByOrFail(DeploymentEntity, { id });
  deployment.imageId = `sha256:${'0'.repeat(64)}`;
  deployment.spec = {
    ...deployment.spec,
    hooks: { ...deployment.spec.hooks, on_deploy: ['migrate'], on_new: ['fill'] },
  };
  const done: unknown[] = [];
  const jobs = {
    removeAll: (owner: object, _guard: unknown, _signal: unknown, spared: object) =>
      Promise.resolve(void done.push({ owner, spared })),
    run: ({ kind }: { kind: string }) => {
      done.push(kind);
      return Promise.resolve({ kind: 'exited', code: 0 });
    },
  } as unknown as OneOffJobs;
  const overtaking = { check: () => Promise.resolve() } as unknown as Overtaking;
  const starter = new AppStarter(
    database.unitOfWork,
    { prepare: () => Promise.resolve() } as never,
    { wanted: () => [] } as never,
    {} as never,
    { environmentOf: () => ({}) } as never,
    new HookJobs(jobs, overtaking, new WorkerConfig()),
    {} as never,
  );
  const lease: Lease = { epoch: environment.leaseEpoch, signal, guard: () => Promise.resolve() };
  const log = { say: () => undefined, append: () => undefined } as unknown as LogWriter;
  await starter.prepare(environment, deployment, new OpenVariables([]), { lease, signal, log });
  const spared = { deploymentId: id, run: 'database-1' };
  expect(done).toEqual([{ owner: { environmentId }, spared }, 'deploy', 'new']);
});
