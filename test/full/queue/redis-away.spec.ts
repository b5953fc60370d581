import { type Job } from '@nexos/contracts';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { RedisServer } from '../../support/redis-server.js';
import {
  bootProcess,
  newPrefix,
  payloadsOn,
  queuesOf,
  reconciling,
  unitOfWorkOf,
  type ProcessOptions,
} from '../../integration/queue/worker-fixture.js';

let database: TestDatabase;
let redis: RedisServer;
beforeAll(async () => {
  [database, redis] = await Promise.all([
    TestDatabase.create(inject('system')),
    RedisServer.start(inject('system')),
  ]);
});
afterAll(() => Promise.all([database.drop(), redis.remove()]));

let options: ProcessOptions;
let away = false;
const processes: TestingModule[] = [];
beforeEach(() => {
  options = { redisUrl: redis.url, prefix: newPrefix() };
});
afterEach(async () => {
  if (away) await comeBack();
  await Promise.all(processes.splice(0).map((process) => process.close()));
  await database.dataSource.query('DELETE FROM outbox');
});

async function goAway(): Promise<void> {
  await redis.stop();
  away = true;
}
async function comeBack(): Promise<void> {
  await redis.restart();
  away = false;
}
async function boot(more: Partial<ProcessOptions> = {}): Promise<TestingModule> {
  const process = await bootProcess(database, { ...options, ...more });
  processes.push(process);
  return process;
}
const queueOf = (process: TestingModule) =>
  eventually('the queue', () =>
    queuesOf(process)
      .queue('lifecycle')
      .catch(() => undefined),
  );
const reconcile = (environmentId: string): Job => ({
  queue: 'lifecycle',
  name: 'reconcile-environment',
  payload: { environmentId },
});
const enqueue = (process: TestingModule, environmentId: string) =>
  unitOfWorkOf(process).run((transaction) => {
    transaction.enqueue(reconcile(environmentId));
    return Promise.resolve('accepted');
  });
const outboxIsEmpty = () =>
  eventually('the outbox to be empty', async () =>
    (await database.rows('SELECT 1 FROM outbox')).length === 0 ? true : undefined,
  );

describe('a Redis outage', () => {
  it('keeps accepted jobs in the outbox, and enqueues them once Redis is back', async () => {
    const process = await boot();
    await queueOf(process);
    await goAway();
    const began = Date.now();
    expect(await enqueue(process, 'env_1')).toBe('accepted');
    expect(Date.now() - began).toBeLessThan(1_000);
    await expect(queuesOf(process).add([{ job: reconcile('env_2'), delayMs: 0 }])).rejects.toThrow();
    expect(await database.rows('SELECT 1 FROM outbox')).toHaveLength(1);
    await comeBack();
    await outboxIsEmpty();
    expect(await payloadsOn(await queueOf(process))).toContainEqual({ environmentId: 'env_1' });
  });

  it('lets a process boot, accept jobs, and enqueue them later', async () => {
    await goAway();
    const process = await boot();
    expect(await enqueue(process, 'env_1')).toBe('accepted');
    await comeBack();
    await outboxIsEmpty();
    expect(await payloadsOn(await queueOf(process))).toEqual([{ environmentId: 'env_1' }]);
  });

  it('makes a worker wait, and take jobs again once Redis is back', async () => {
    const handled: string[] = [];
    const handler = reconciling(({ environmentId }) => Promise.resolve(void handled.push(environmentId)));
    const process = await boot({ queue: 'lifecycle', handlers: [handler] });
    await enqueue(process, 'env_before');
    await eventually('the first job', () => Promise.resolve(handled.length === 1 ? true : undefined));
    await goAway();
    await enqueue(process, 'env_away');
    await comeBack();
    await eventually('the second job', () =>
      Promise.resolve(handled.includes('env_away') ? true : undefined),
    );
  });

  it.each([
    ['the API', {}],
    ['a worker', { queue: 'lifecycle', handlers: [reconciling(() => Promise.resolve())] }],
  ] as [string, Partial<ProcessOptions>][])('does not keep %s from shutting down', async (_, more) => {
    const process = await boot(more);
    await queueOf(process);
    await goAway();
    processes.splice(processes.indexOf(process), 1);
    let stopped = false;
    void process.close().then(() => (stopped = true));
    await eventually('the process to stop', () => Promise.resolve(stopped ? true : undefined), {
      deadlineMs: 8_000,
    });
  });
});

describe('a Redis that lost its data', () => {
  it('gets unfinished work re-enqueued, even if that was enqueued a moment ago', async () => {
    const process = await boot();
    const queue = await queueOf(process);
    const remind = () => queuesOf(process).reenqueue([{ job: reconcile('env_1'), key: 'env_1-3' }]);
    await remind();
    await remind();
    expect(await payloadsOn(queue)).toHaveLength(1);
    await redis.wipe();
    expect(await payloadsOn(queue)).toEqual([]);
    await remind();
    expect(await payloadsOn(queue)).toEqual([{ environmentId: 'env_1' }]);
  });

  it('does not keep a worker from taking later jobs', async () => {
    const handled: string[] = [];
    const handler = reconciling(({ environmentId }) => Promise.resolve(void handled.push(environmentId)));
    const process = await boot({ queue: 'lifecycle', handlers: [handler] });
    await queueOf(process);
    await redis.wipe();
    await enqueue(process, 'env_1');
    await eventually('the job', () => Promise.resolve(handled.length > 0 ? true : undefined), {
      deadlineMs: 15_000,
    });
  });
});
