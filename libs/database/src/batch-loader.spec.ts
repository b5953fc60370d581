import { describe, expect, it } from 'vitest';
import { BatchLoader } from './batch-loader.js';

/** A fake query that doubles each number once the test lets it answer. */
function fakeQuery() {
  const queries: { numbers: readonly number[]; answer: () => void; fail: () => void }[] = [];
  const ask = (numbers: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      queries.push({
        numbers,
        answer: () => resolve(numbers.map((number) => number * 2)),
        fail: () => reject(new Error(`failed: ${numbers.join()}`)),
      });
    });
  return { queries, ask };
}
/** Waits until pending items have been sent in batches. */
const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('BatchLoader', () => {
  it('loads concurrent items in one batch and returns each its own answer', async () => {
    const { queries, ask } = fakeQuery();
    const loader = new BatchLoader(ask, { concurrency: 1, items: 10 });
    const answers = Promise.all([1, 2, 3].map((number) => loader.load(number)));
    await settled();
    expect(queries.map(({ numbers }) => numbers)).toEqual([[1, 2, 3]]);
    queries[0]?.answer();
    expect(await answers).toEqual([2, 4, 6]);
  });

  it('keeps items for the next batch while enough batches run, and limits the batch size', async () => {
    const { queries, ask } = fakeQuery();
    const loader = new BatchLoader(ask, { concurrency: 2, items: 2 });
    const answers = Promise.all([1, 2, 3, 4, 5].map((number) => loader.load(number)));
    await settled();
    expect(queries.map(({ numbers }) => numbers)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    queries[1]?.answer();
    await settled();
    const late = loader.load(6);
    expect(queries[2]?.numbers).toEqual([5]);
    queries[0]?.answer();
    await settled();
    expect(queries[3]?.numbers).toEqual([6]);
    queries[2]?.answer();
    queries[3]?.answer();
    expect(await answers).toEqual([2, 4, 6, 8, 10]);
    expect(await late).toBe(12);
  });

  it('retries the items of a failed batch one by one and rejects only the bad one', async () => {
    const { queries, ask } = fakeQuery();
    const loader = new BatchLoader(ask, { concurrency: 1, items: 10 });
    const answers = Promise.allSettled([1, 2, 3].map((number) => loader.load(number)));
    await settled();
    queries[0]?.fail();
    await settled();
    expect(queries.slice(1).map(({ numbers }) => numbers)).toEqual([[1], [2], [3]]);
    queries[1]?.answer();
    queries[2]?.fail();
    queries[3]?.answer();
    expect(await answers).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'rejected', reason: new Error('failed: 2') },
      { status: 'fulfilled', value: 6 },
    ]);
    const next = loader.load(4);
    await settled();
    queries[4]?.answer();
    expect(await next).toBe(8);
  });
});
