import { describe, expect, it } from 'vitest';
import { FairQueue, QueueTimeoutError } from './fair-queue.js';

/** Returns work that runs until `end` is called. */
function held() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ended, end };
}

describe('FairQueue', () => {
  it('runs work in order of arrival, within its limit of concurrency', async () => {
    const queue = new FairQueue(2, 10_000, 100);
    const began: number[] = [];
    const holds = Array.from({ length: 5 }, held);
    const all = holds.map(({ work }, at) =>
      queue.run(() => {
        began.push(at);
        return work();
      }),
    );
    for (const [at, { end }] of holds.entries()) {
      expect(began).toEqual([0, 1, 2, 3, 4].slice(0, at + 2));
      end();
      await all[at];
      await Promise.resolve();
    }
  });

  it('frees the slot when the work fails', async () => {
    const queue = new FairQueue(1, 10_000, 100);
    await expect(queue.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await queue.run(() => Promise.resolve(1))).toBe(1);
  });

  it('times out a waiting task and still runs the next one', async () => {
    const queue = new FairQueue(1, 20, 100);
    const { work, end } = held();
    const first = queue.run(work);
    await expect(queue.run(() => Promise.resolve())).rejects.toThrow(QueueTimeoutError);
    const third = queue.run(() => Promise.resolve('done'));
    end();
    await first;
    expect(await third).toBe('done');
  });

  it('rejects new tasks when too many are waiting', async () => {
    const queue = new FairQueue(1, 10_000, 1);
    const { work, end } = held();
    const all = [queue.run(work), queue.run(() => Promise.resolve())];
    await expect(queue.run(() => Promise.resolve())).rejects.toThrow(QueueTimeoutError);
    end();
    await Promise.all(all);
  });
});
