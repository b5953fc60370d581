import { setTimeout as wait } from 'node:timers/promises';
import { BuilderConfig, WorkerConfig } from '@nexos/config';
import { type DeploymentEntity, type UnitOfWork } from '@nexos/database';
import { BuildClaims } from '@nexos/state';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { BuildSweeper } from '../../../apps/builder/src/builds/build-sweeper.js';
import { claimAny } from '../../support/claim-any.js';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment } from '../../support/rows.js';
import { queueBuilds } from '../../support/waiting-builds.js';
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

function sweepWith(claims: BuildClaims, unitOfWork = logs.unitOfWork): Promise<void> {
  const config = [new BuilderConfig(), new WorkerConfig()] as const;
  return new OneSweep(unitOfWork, claims, logs.queues, logs.log, ...config).sweep();
}

/** Sweeps once, as if this build had just been found lost. */
function sweep(lost: DeploymentEntity, unitOfWork = logs.unitOfWork): Promise<void> {
  const claims = { findLost: () => Promise.resolve([lost]), findUnclaimed: () => Promise.resolve([]) };
  return sweepWith(claims as unknown as BuildClaims, unitOfWork);
}

/** Queues a build and claims it. */
async function aBuild(leaseMs: number): Promise<DeploymentEntity> {
  const { id } = await createQueuedDeployment(database);
  const claimed = await claimAny(database.unitOfWork, id, leaseMs);
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

  it('wakes builders for the builds that could start, as far as no job waits for a builder yet', async () => {
    await database.dataSource.query(
      `UPDATE deployments SET status = 'cancelled' WHERE status IN ('queued', 'building')`,
    );
    await queueBuilds(database, 3, { concurrentBuilds: 3 });
    const held = await queueBuilds(database, 5, { concurrentBuilds: 1 });
    await database.dataSource.query(
      `UPDATE deployments SET queued_at = queued_at - interval '1 minute' WHERE status = 'queued'`,
    );
    const deploymentId = held.deploymentIds[4] ?? '';
    const job = { queue: 'build', name: 'build-deployment', payload: { deploymentId } } as const;
    await logs.queues.add([{ job, delayMs: 0 }]);
    const claims = new BuildClaims(database.unitOfWork);
    expect(await claims.findUnclaimed(5_000)).toHaveLength(4);
    for (let time = 0; time < 2; time++) {
      await sweepWith(claims);
      expect(await logs.queues.waitingJobs('build')).toBe(4);
    }
  });
});
