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

/** The processor's results in order; `rest` once they run out. */
let steps: Step[];
/** The results of the handler's checks for due deliveries after it released the lock; false once they run out. */
let due: boolean[];
let enqueued: { job: Job; delayMs: number }[];
let stepCount: number;
let crashesCounted: number;
beforeEach(() => {
  [steps, due, enqueued, stepCount, crashesCounted] = [[], [], [], 0, 0];
  log.wake.mockReset().mockResolvedValue();
});

const unitOfWork = {
  run: (work: (transaction: Pick<Transaction, 'enqueue'>) => Promise<void>) =>
    work({ enqueue: (job: Job, delayMs?: number) => enqueued.push({ job, delayMs: delayMs ?? 0 }) }),
} as unknown as UnitOfWork;
const processor = {
  processNext: () => {
    stepCount++;
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

describe('ProcessDeliveriesHandler', () => {
  it('processes deliveries until none is left', async () => {
    steps = [processed('1'), { kind: 'retried' }, processed('2')];
    await handle();
    expect(stepCount).toBe(4);
    expect(enqueued).toEqual([]);
  });

  it('skips a repository that another worker has locked and enqueues no job', async () => {
    steps = [{ kind: 'busy' }];
    await handle();
    expect(stepCount).toBe(1);
    expect(enqueued).toEqual([]);
  });

  it('re-enqueues the repository with a short delay after contention', async () => {
    steps = [{ kind: 'contended' }];
    await handle();
    expect(stepCount).toBe(1);
    expect(enqueued).toEqual([{ job: JOB, delayMs: 200 }]);
  });

  it('checks once more for due deliveries after releasing the lock', async () => {
    steps = [processed('1'), { kind: 'rest' }, processed('2')];
    due = [true];
    await handle();
    expect(stepCount).toBe(4);
  });

  it('re-enqueues a repository after 50 deliveries', async () => {
    steps = Array.from({ length: 60 }, (_, n) => processed(String(n)));
    await handle();
    expect(stepCount).toBe(50);
    expect(enqueued).toEqual([{ job: JOB, delayMs: 0 }]);
  });

  it('re-enqueues a repository with slow deliveries after a second', async () => {
    const clock = vi.spyOn(performance, 'now');
    let now = 0;
    clock.mockImplementation(() => (now += 300));
    steps = Array.from({ length: 60 }, (_, n) => processed(String(n)));
    await handle();
    clock.mockRestore();
    expect(stepCount).toBeLessThan(5);
    expect(enqueued).toEqual([{ job: JOB, delayMs: 0 }]);
  });

  it('does not wait for a hanging Redis when waking clients', async () => {
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
    'after %i crashes of the same job, counts %i extra attempts of the first delivery',
    async (crashes, counted) => {
      await handle(undefined, crashes);
      expect(crashesCounted).toBe(counted);
      expect(stepCount).toBe(1);
    },
  );

  it('re-enqueues the remaining deliveries when its process is stopping', async () => {
    const stopping = new AbortController();
    stopping.abort();
    await handle(stopping.signal);
    expect(stepCount).toBe(0);
    expect(enqueued).toEqual([{ job: JOB, delayMs: 0 }]);
  });
});
