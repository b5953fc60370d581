import { setTimeout as wait } from 'node:timers/promises';
import { BuilderConfig, WorkerConfig } from '@nexos/config';
import { type DeploymentEntity, type UnitOfWork } from '@nexos/database';
import { BuildClaims } from '@nexos/state';
import { type JobQueues } from '@nexos/queue';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { BuildSweeper } from '../../../apps/builder/src/builds/build-sweeper.js';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment } from '../../support/rows.js';
import { LogProcess, textsOf } from '../logs/log-fixture.js';

let database: TestDatabase;
let logs: LogProcess;
beforeAll(async () => {
  const system = inject('system');
  database = await TestDatabase.create(system);
  logs = await LogProcess.boot(database, system.env.REDIS_URL ?? '');
});
afterAll(async () => {
  await logs.close();
  await database.drop();
});

class OneSweep extends BuildSweeper {
  sweep(): Promise<void> {
    return this.run();
  }
}

/** Sweeps once, as if this build had just been found lost. */
function sweep(lost: DeploymentEntity, unitOfWork = logs.unitOfWork): Promise<void> {
  const claims = { findLost: () => Promise.resolve([lost]), findUnclaimed: () => Promise.resolve([]) };
  return new OneSweep(
    unitOfWork,
    claims as unknown as BuildClaims,
    { reenqueue: () => Promise.resolve() } as unknown as JobQueues,
    logs.log,
    new BuilderConfig(),
    new WorkerConfig(),
  ).sweep();
}

/** Queues a build and claims it. */
async function aBuild(leaseMs: number): Promise<DeploymentEntity> {
  const { id } = await createQueuedDeployment(database);
  const claimed = await new BuildClaims(database.unitOfWork).claim(id, leaseMs, 0);
  if (claimed === null) throw new Error('the build could not be claimed');
  return claimed;
}
const statusOf = async ({ id }: DeploymentEntity) =>
  (await database.rows<{ status: string }>('SELECT status FROM deployments WHERE id = $1', [id]))[0]?.status;
const archives = ({ id }: DeploymentEntity) =>
  database.rows('SELECT 1 FROM deployment_logs WHERE deployment_id = $1', [id]);

describe('BuildSweeper', () => {
  it('fails a build that was lost for the last time, and says so in its log', async () => {
    const build = await aBuild(-1_000);
    await sweep(build);
    expect(await statusOf(build)).toBe('failed');
    expect(textsOf(await logs.read(build.id)).at(-1)).toMatch(/^failed: .* \(builder_lost\)$/);
  });

  it('does not fail a build whose builder turns out to be alive', async () => {
    const build = await aBuild(60_000);
    await sweep(build);
    expect(await statusOf(build)).toBe('building');
    expect(await logs.read(build.id)).toEqual([]);
    expect(await archives(build)).toHaveLength(1);
  });

  it('logs no failure while it cannot be recorded', async () => {
    const build = await aBuild(-1_000);
    // Long enough for readers to receive anything written before.
    const run = () => wait(200).then(() => Promise.reject(new Error('the database is away')));
    const away = { run } as unknown as UnitOfWork;
    await expect(sweep(build, away)).rejects.toThrow('the database is away');
    expect(await logs.read(build.id)).toEqual([]);
    await sweep(build);
    expect(textsOf(await logs.read(build.id))).toHaveLength(1);
  });
});
