import { type Job } from '@nexos/contracts';
import { FAST_REDIS, HandlesJob } from '@nexos/queue';
import type { TestingModule } from '@nestjs/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import {
  bootProcess,
  newPrefix,
  payloadsOn,
  prepareProcess,
  queuesOf,
  reconciling,
  type ProcessOptions,
} from './worker-fixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let options: ProcessOptions;
const processes: TestingModule[] = [];
beforeEach(() => {
  options = { redisUrl: inject('system').env.REDIS_URL ?? '', prefix: newPrefix() };
});
afterEach(() => Promise.all(processes.splice(0).map((process) => process.close())));

async function boot(more: Partial<ProcessOptions> = {}): Promise<TestingModule> {
  const process = await bootProcess(database, { ...options, ...more });
  processes.push(process);
  await eventually('Redis to be reachable', () =>
    queuesOf(process)
      .queue('lifecycle')
      .catch(() => undefined),
  );
  return process;
}
const reconcile = (environmentId: string): { job: Job; delayMs: number } => ({
  job: { queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } },
  delayMs: 0,
});

describe('workers', () => {
  class NotMarked {}
  @HandlesJob('quota', 'delete-expired')
  class Deleter {
    handle = () => Promise.resolve();
  }
  @HandlesJob('quota', 'expire-environments')
  class Expirer {
    handle = () => Promise.resolve();
  }
  @HandlesJob('quota', 'check-quotas')
  class Checker {
    handle = () => Promise.resolve();
  }
  @HandlesJob('quota', 'meter-builds')
  class Meter {
    handle = () => Promise.resolve();
  }
  const refused = async (handlers: (new () => object)[]) => {
    const process = await prepareProcess(database, { ...options, queue: 'quota', handlers });
    await expect(process.init()).rejects.toThrow();
    const reason = await process.init().then(
      () => 'booted',
      (error: unknown) => (error as Error).message,
    );
    await process.close();
    return reason;
  };

  it('refuses to boot a worker without a handler for a job of its queue, and names the job', async () => {
    expect(await refused([Deleter, Checker, NotMarked])).toMatch(/without a handler.*expire-environments/);
  });

  it('refuses to boot a worker with two handlers for a job of its queue, and names the job', async () => {
    class Another extends Deleter {}
    HandlesJob('quota', 'delete-expired')(Another);
    expect(await refused([Deleter, Another, Expirer, Checker, Meter])).toMatch(
      /delete-expired has two handlers/,
    );
  });

  it('boots a worker with one handler for each job of its queue, regardless of other queues', async () => {
    await boot({
      queue: 'quota',
      handlers: [Deleter, Expirer, Checker, Meter, reconciling(() => Promise.resolve())],
    });
  });

  it('passes each job to its handler', async () => {
    const handled: string[] = [];
    const process = await boot({
      queue: 'lifecycle',
      handlers: [reconciling(({ environmentId }) => Promise.resolve(void handled.push(environmentId)))],
    });
    await queuesOf(process).add(['env_1', 'env_2'].map(reconcile));
    await eventually('both jobs', () => Promise.resolve(handled.length === 2 ? true : undefined));
    expect(handled.sort()).toEqual(['env_1', 'env_2']);
  });

  it('goes on with the next job after a failed one, which is not retried automatically', async () => {
    const handled: string[] = [];
    const handler = reconciling(({ environmentId }) => {
      handled.push(environmentId);
      return environmentId === 'env_bad' ? Promise.reject(new Error('bad')) : Promise.resolve();
    });
    const process = await boot({ queue: 'lifecycle', handlers: [handler] });
    await queuesOf(process).add([reconcile('env_bad')]);
    await eventually('the first job', () => Promise.resolve(handled.length > 0 ? true : undefined));
    await queuesOf(process).add([reconcile('env_good'), reconcile('env_bad')]);
    await eventually('the other jobs', () => Promise.resolve(handled.length === 3 ? true : undefined));
    expect(handled.sort()).toEqual(['env_bad', 'env_bad', 'env_good']);
  });
});

describe('a stopping worker', () => {
  it('aborts the running job, waits until it has ended and takes no other', async () => {
    const events: string[] = [];
    const handler = reconciling(async ({ environmentId }, signal) => {
      events.push(`${environmentId} began`);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      events.push(`${environmentId} was told`);
      // Finishes its work while the database is still connected.
      await database.dataSource.query('SELECT pg_sleep(0.3)');
      events.push(`${environmentId} ended`);
    });
    const process = await boot({ queue: 'lifecycle', handlers: [handler] });
    const other = await boot();
    await queuesOf(process).add([reconcile('env_1')]);
    await eventually('the job to begin', () => Promise.resolve(events.length > 0 ? true : undefined));
    const stopped = process.close().then(() => events.push('the process stopped'));
    await eventually('the job to be aborted', () => Promise.resolve(events.length > 1 ? true : undefined));
    await queuesOf(other).add([reconcile('env_2')]);
    await stopped;
    processes.splice(processes.indexOf(process), 1);
    expect(events).toEqual(['env_1 began', 'env_1 was told', 'env_1 ended', 'the process stopped']);
    expect(await payloadsOn(await queuesOf(other).queue('lifecycle'))).toEqual([{ environmentId: 'env_2' }]);
  });
});

describe('reconcile jobs of one environment', () => {
  it('keeps one waiting job per environment, however often it is enqueued', async () => {
    const process = await boot();
    for (let i = 0; i < 5; i++) await queuesOf(process).add([reconcile('env_1'), reconcile('env_2')]);
    const queue = await queuesOf(process).queue('lifecycle');
    expect((await payloadsOn(queue)) as object[]).toHaveLength(2);
  });

  it('runs once more when jobs are enqueued while the environment is being reconciled', async () => {
    let runs = 0;
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const handler = reconciling(async () => {
      runs++;
      if (runs === 1) await gate;
    });
    const process = await boot({ queue: 'lifecycle', handlers: [handler] });
    await queuesOf(process).add([reconcile('env_1')]);
    await eventually('the job to begin', () => Promise.resolve(runs === 1 ? true : undefined));
    for (let i = 0; i < 5; i++) await queuesOf(process).add([reconcile('env_1')]);
    release();
    await eventually('a second look', () => Promise.resolve(runs === 2 ? true : undefined));
    const queue = await queuesOf(process).queue('lifecycle');
    await eventually('an empty queue', async () =>
      (await payloadsOn(queue)).length === 0 ? true : undefined,
    );
    expect(runs).toBe(2);
  });

  it('leaves a delayed job alone when another is enqueued', async () => {
    const process = await boot();
    await queuesOf(process).add([{ ...reconcile('env_1'), delayMs: 60_000 }]);
    await queuesOf(process).add([reconcile('env_1')]);
    const queue = await queuesOf(process).queue('lifecycle');
    expect(await queue.getDelayedCount()).toBe(1);
    expect(await queue.getWaitingCount()).toBe(1);
  });
});

describe('a job that is enqueued twice', () => {
  it('runs a job that is enqueued twice at most twice', async () => {
    const handled: string[] = [];
    const process = await boot({
      queue: 'lifecycle',
      handlers: [reconciling(({ environmentId }) => Promise.resolve(void handled.push(environmentId)))],
    });
    await Promise.all([1, 2].map(() => queuesOf(process).add([reconcile('env_1')])));
    await queuesOf(process).add([reconcile('env_last')]);
    await eventually('the last job', () => Promise.resolve(handled.includes('env_last') ? true : undefined));
    const twice = handled.filter((id) => id === 'env_1');
    expect(twice.length).toBeGreaterThanOrEqual(1);
    expect(twice.length).toBeLessThanOrEqual(2);
  });
});

describe('JobQueues.reenqueue', () => {
  const remind = (process: TestingModule, key: string, environmentId = 'env_1') =>
    queuesOf(process).reenqueue([{ job: reconcile(environmentId).job, key }]);

  it('enqueues at most one reminder in fifteen seconds per key, even after it was handled', async () => {
    const handled: string[] = [];
    const process = await boot({
      queue: 'lifecycle',
      handlers: [reconciling(({ environmentId }) => Promise.resolve(void handled.push(environmentId)))],
    });
    await remind(process, 'one');
    await eventually('the reminder', () => Promise.resolve(handled.length === 1 ? true : undefined));
    for (let i = 0; i < 5; i++) await remind(process, 'one');
    await remind(process, 'two', 'env_2');
    await eventually('the other one', () => Promise.resolve(handled.includes('env_2') ? true : undefined));
    expect(handled).toEqual(['env_1', 'env_2']);
    const redis = process.get<Redis>(FAST_REDIS, { strict: false });
    const ttl = await redis.pttl(`${options.prefix}:lifecycle:de:reminder-one`);
    expect(ttl).toBeGreaterThan(10_000);
    expect(ttl).toBeLessThanOrEqual(15_000);
  });

  it('does not block an ordinary job of the same environment', async () => {
    const process = await boot();
    await remind(process, 'one');
    await queuesOf(process).add([reconcile('env_1')]);
    const queue = await queuesOf(process).queue('lifecycle');
    expect(await payloadsOn(queue)).toHaveLength(2);
  });
});
