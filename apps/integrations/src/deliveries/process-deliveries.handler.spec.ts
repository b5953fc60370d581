import type { Job } from '@nexos/contracts';
import type { Transaction, UnitOfWork } from '@nexos/database';
import type { BuildLog } from '@nexos/logs';
import { Metrics } from '@nexos/observability';
import type { DeliveriesRepository } from '@nexos/state';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeliveryProcessor, Step } from './delivery-processor.js';
import { ProcessDeliveriesHandler } from './process-deliveries.handler.js';

const PAYLOAD = { repository: 'acme/app' };
const JOB = { queue: 'deliveries', name: 'process-deliveries', payload: PAYLOAD };
const processed = (id: string): Step => ({ kind: 'processed', id, event: 'push', outcome: 'deployed' });

/** What the processor answers, one step after another; then that nothing is left. */
let steps: Step[];
/** Whether a delivery is due when the handler looks after it has released the lock; false from then on. */
let due: boolean[];
let enqueued: { job: Job; delayMs: number }[];
let asked: number;
let crashesCounted: number;
beforeEach(() => {
  [steps, due, enqueued, asked, crashesCounted] = [[], [], [], 0, 0];
  log.wake.mockReset().mockResolvedValue();
});

const unitOfWork = {
  run: (work: (transaction: Pick<Transaction, 'enqueue'>) => Promise<void>) =>
    work({ enqueue: (job: Job, delayMs?: number) => enqueued.push({ job, delayMs: delayMs ?? 0 }) }),
} as unknown as UnitOfWork;
const processor = {
  processNext: () => {
    asked++;
    return Promise.resolve(steps.shift() ?? { kind: 'rest' });
  },
  countCrash: () => {
    crashesCounted++;
    return Promise.resolve({ kind: 'retried' });
  },
} as unknown as DeliveryProcessor;
const deliveries = {
  isAnyDue: () => Promise.resolve(due.shift() ?? false),
} as unknown as DeliveriesRepository;
const log = { wake: vi.fn<() => Promise<void>>() };

const handle = (signal = new AbortController().signal, crashes = 0) =>
  new ProcessDeliveriesHandler(
    unitOfWork,
    processor,
    deliveries,
    log as unknown as BuildLog,
    new Metrics(),
  ).handle(PAYLOAD, signal, crashes);

describe('the handler of process-deliveries', () => {
  it('processes deliveries until none is left', async () => {
    steps = [processed('1'), { kind: 'retried' }, processed('2')];
    await handle();
    expect(asked).toBe(4);
    expect(enqueued).toEqual([]);
  });

  it('leaves a repository that another worker has locked, without another job', async () => {
    steps = [{ kind: 'busy' }];
    await handle();
    expect(asked).toBe(1);
    expect(enqueued).toEqual([]);
  });

  it('comes back shortly after others were busy with the same rows', async () => {
    steps = [{ kind: 'contended' }];
    await handle();
    expect(asked).toBe(1);
    expect(enqueued).toEqual([{ job: JOB, delayMs: 200 }]);
  });

  it('looks once more after it has released the lock', async () => {
    steps = [processed('1'), { kind: 'rest' }, processed('2')];
    due = [true];
    await handle();
    expect(asked).toBe(4);
  });

  it('puts a repository with many deliveries at the end of the queue after 50', async () => {
    steps = Array.from({ length: 60 }, (_, n) => processed(String(n)));
    await handle();
    expect(asked).toBe(50);
    expect(enqueued).toEqual([{ job: JOB, delayMs: 0 }]);
  });

  it('puts a repository whose deliveries take long at the end of the queue after a second', async () => {
    const clock = vi.spyOn(performance, 'now');
    let now = 0;
    clock.mockImplementation(() => (now += 300));
    steps = Array.from({ length: 60 }, (_, n) => processed(String(n)));
    await handle();
    clock.mockRestore();
    expect(asked).toBeLessThan(5);
    expect(enqueued).toEqual([{ job: JOB, delayMs: 0 }]);
  });

  it('does not wait for a Redis that hangs to wake those who wait', async () => {
    log.wake.mockReturnValue(new Promise(() => undefined));
    steps = [processed('1'), processed('2')];
    await handle();
    expect(log.wake).toHaveBeenCalledTimes(2);
  });

  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [7, 1],
  ])(
    'after %i crashes of the same job counts %i more attempt of the first delivery',
    async (crashes, counted) => {
      await handle(undefined, crashes);
      expect(crashesCounted).toBe(counted);
      expect(asked).toBe(1);
    },
  );

  it('hands the rest over when its process is stopping', async () => {
    const stopping = new AbortController();
    stopping.abort();
    await handle(stopping.signal);
    expect(asked).toBe(0);
    expect(enqueued).toEqual([{ job: JOB, delayMs: 0 }]);
  });
});
