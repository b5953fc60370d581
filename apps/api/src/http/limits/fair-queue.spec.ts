import { describe, expect, it } from 'vitest';
import { FairQueue, QueueTimeoutError } from './fair-queue.js';

/** Work that goes on until it is told to end. */
function held() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ended, end };
}

describe('a fair queue', () => {
  it('does no more at once than it may, in the order in which they came', async () => {
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

  it('gives the place back when the work fails', async () => {
    const queue = new FairQueue(1, 10_000, 100);
    await expect(queue.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await queue.run(() => Promise.resolve(1))).toBe(1);
  });

  it('lets nobody wait for ever, and goes on with those who still wait', async () => {
    const queue = new FairQueue(1, 20, 100);
    const { work, end } = held();
    const first = queue.run(work);
    await expect(queue.run(() => Promise.resolve())).rejects.toThrow(QueueTimeoutError);
    const third = queue.run(() => Promise.resolve('done'));
    end();
    await first;
    expect(await third).toBe('done');
  });

  it('turns away whoever comes when too many wait', async () => {
    const queue = new FairQueue(1, 10_000, 1);
    const { work, end } = held();
    const all = [queue.run(work), queue.run(() => Promise.resolve())];
    await expect(queue.run(() => Promise.resolve())).rejects.toThrow(QueueTimeoutError);
    end();
    await Promise.all(all);
  });
});
