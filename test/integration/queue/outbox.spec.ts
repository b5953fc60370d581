import { type Job } from '@nexos/contracts';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually, PROMPT_MS } from '../../support/eventually.js';
import { createQueuedDeployment } from '../../support/rows.js';
import { bootProcess, newPrefix, payloadsOn, queuesOf, unitOfWorkOf } from './worker-fixture.js';

const { env } = inject('system');
let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let prefix: string;
const processes: TestingModule[] = [];
beforeEach(() => {
  prefix = newPrefix();
});
afterEach(async () => {
  await Promise.all(processes.splice(0).map((process) => process.close()));
  await database.dataSource.query('DELETE FROM outbox');
});

async function boot(sweepMs = 600_000): Promise<TestingModule> {
  const process = await bootProcess(database, {
    redisUrl: env.REDIS_URL ?? '',
    prefix,
    env: { SWEEP_MS: String(sweepMs) },
  });
  processes.push(process);
  await eventually('Redis to be reachable', async () =>
    queuesOf(process)
      .queue('build')
      .catch(() => undefined),
  );
  return process;
}

const build = (deploymentId: string): Job => ({
  queue: 'build',
  name: 'build-deployment',
  payload: { deploymentId },
});
const reconcile = (environmentId: string): Job => ({
  queue: 'lifecycle',
  name: 'reconcile-environment',
  payload: { environmentId },
});
const outbox = () => database.rows<{ queue: string; payload: object }>('SELECT queue, payload FROM outbox');
const onQueue = async (process: TestingModule, name: 'build' | 'lifecycle' = 'build') =>
  payloadsOn(await queuesOf(process).queue(name));

describe('the outbox of a transaction', () => {
  it('enqueues the jobs of a committed transaction right away and empties the outbox', async () => {
    const process = await boot();
    await unitOfWorkOf(process).run(async (transaction) => {
      transaction.enqueue(build('dep_1'));
      transaction.enqueue(reconcile('env_1'));
      expect(await onQueue(process)).toEqual([]);
    });
    await eventually(
      'the outbox to be empty',
      async () => ((await outbox()).length === 0 ? true : undefined),
      {
        deadlineMs: PROMPT_MS,
        everyMs: 10,
      },
    );
    expect(await onQueue(process)).toEqual([{ deploymentId: 'dep_1' }]);
    expect(await onQueue(process, 'lifecycle')).toEqual([{ environmentId: 'env_1' }]);
  });

  it('leaves no job in the outbox or on a queue when the transaction fails', async () => {
    const process = await boot();
    const failing = unitOfWorkOf(process).run((transaction) => {
      transaction.enqueue(build('dep_1'));
      return Promise.reject(new Error('no'));
    });
    await expect(failing).rejects.toThrow('no');
    await unitOfWorkOf(process).run((transaction) => {
      transaction.enqueue(build('dep_2'));
      return Promise.resolve();
    });
    await eventually('the second job', async () => ((await onQueue(process)).length > 0 ? true : undefined));
    expect(await onQueue(process)).toEqual([{ deploymentId: 'dep_2' }]);
    // A job is deleted from the outbox only after it is on its queue.
    await eventually('an empty outbox', async () => ((await outbox()).length === 0 ? true : undefined));
  });

  it('leaves no job in the outbox or on a queue when the commit itself fails', async () => {
    const process = await boot();
    const { id, environmentId } = await createQueuedDeployment(database);
    await database.dataSource.query('DELETE FROM outbox');
    const failing = unitOfWorkOf(process).run(async (transaction) => {
      transaction.enqueue(build(id));
      await transaction.manager.query('SET CONSTRAINTS ALL DEFERRED');
      await transaction.manager.query(
        `UPDATE environments SET live_deployment_id = 'dep_none' WHERE id = $1`,
        [environmentId],
      );
    });
    await expect(failing).rejects.toThrow('foreign key');
    expect(await outbox()).toEqual([]);
    expect(await onQueue(process)).toEqual([]);
  });

  it('hides the jobs of a transaction until it commits', async () => {
    const process = await boot(200);
    await unitOfWorkOf(process).run(async (transaction) => {
      transaction.enqueue(build('dep_1'));
      await transaction.manager.query('SELECT 1');
      expect(await outbox()).toEqual([]);
      expect(await onQueue(process)).toEqual([]);
    });
  });

  it('holds a delayed job back on its queue', async () => {
    const process = await boot();
    await unitOfWorkOf(process).run((transaction) => {
      transaction.enqueue(reconcile('env_1'), 60_000);
      return Promise.resolve();
    });
    const queue = await queuesOf(process).queue('lifecycle');
    await eventually('the delayed job', async () =>
      (await queue.getDelayedCount()) === 1 ? true : undefined,
    );
    expect(await queue.getWaitingCount()).toBe(0);
  });
});

describe('the jobs that a dead process left in the outbox', () => {
  const leave = (deploymentId: string, ageMs: number) =>
    database.dataSource.query(
      `INSERT INTO outbox (queue, name, payload, created_at)
       VALUES ('build', 'build-deployment', $1, now() - make_interval(secs => $2 / 1000.0))`,
      [{ deploymentId }, ageMs],
    );

  it('lets any process enqueue the jobs that a dead one left, the oldest first', async () => {
    for (const id of ['dep_1', 'dep_2', 'dep_3']) await leave(id, 10_000);
    const process = await boot(200);
    await eventually('the outbox to be empty', async () =>
      (await outbox()).length === 0 ? true : undefined,
    );
    const queue = await queuesOf(process).queue('build');
    const jobs = await queue.getJobs(['waiting'], 0, -1, true);
    expect(jobs.map((job) => job.data as unknown)).toEqual(
      ['dep_1', 'dep_2', 'dep_3'].map((deploymentId) => ({ deploymentId })),
    );
  });

  it('leaves recent jobs to the process that wrote them', async () => {
    await leave('dep_old', 10_000);
    await leave('dep_new', 0);
    const process = await boot(200);
    await eventually('the old one to go', async () => ((await outbox()).length === 1 ? true : undefined));
    expect(await onQueue(process)).toEqual([{ deploymentId: 'dep_old' }]);
    await eventually('the new one to go too', async () => ((await outbox()).length === 0 ? true : undefined));
  });

  it('enqueues each job once when three processes sweep at the same time', async () => {
    await database.dataSource.query(
      `INSERT INTO outbox (queue, name, payload, created_at)
       SELECT 'build', 'build-deployment', jsonb_build_object('deploymentId', 'dep_' || i), now() - interval '1 minute'
       FROM generate_series(1, 1200) AS i`,
    );
    const [process] = await Promise.all([boot(200), boot(200), boot(200)]);
    await eventually('the outbox to be empty', async () =>
      (await outbox()).length === 0 ? true : undefined,
    );
    const payloads = (await onQueue(process)) as { deploymentId: string }[];
    expect(payloads).toHaveLength(1200);
    expect(new Set(payloads.map(({ deploymentId }) => deploymentId)).size).toBe(1200);
  });

  it('keeps a job with a name that this version does not know', async () => {
    await database.dataSource.query(
      `INSERT INTO outbox (queue, name, payload, created_at) VALUES ('newer', 'newer-job', '{}', now() - interval '1 minute')`,
    );
    await leave('dep_1', 10_000);
    const process = await boot(200);
    await eventually('the known one on its queue', async () =>
      (await onQueue(process)).length > 0 ? true : undefined,
    );
    await eventually('the known one to go', async () =>
      (await outbox()).every(({ queue }) => queue === 'newer') ? true : undefined,
    );
    expect(await outbox()).toMatchObject([{ queue: 'newer' }]);
  });
});

describe('a stopping process', () => {
  it('enqueues the jobs of its last transaction before it stops', async () => {
    const process = await boot();
    const other = await boot();
    await unitOfWorkOf(process).run((transaction) => {
      for (let i = 0; i < 100; i++) transaction.enqueue(build(`dep_${i}`));
      return Promise.resolve();
    });
    await process.close();
    processes.splice(processes.indexOf(process), 1);
    expect(await outbox()).toEqual([]);
    expect(await onQueue(other)).toHaveLength(100);
  });
});
