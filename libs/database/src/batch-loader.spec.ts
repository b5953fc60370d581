import { describe, expect, it } from 'vitest';
import { BatchLoader } from './batch-loader.js';

/** Questions that are answered when the test says so: each number by its double. */
function questions() {
  const asked: { numbers: readonly number[]; answer: () => void; fail: () => void }[] = [];
  const ask = (numbers: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      asked.push({
        numbers,
        answer: () => resolve(numbers.map((number) => number * 2)),
        fail: () => reject(new Error(`failed: ${numbers.join()}`)),
      });
    });
  return { asked, ask };
}
/** What was asked before has been put into questions. */
const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('what is asked at the same time', () => {
  it('goes with one question, and each is given its own answer', async () => {
    const { asked, ask } = questions();
    const together = new BatchLoader(ask, { underWay: 1, items: 10 });
    const answers = Promise.all([1, 2, 3].map((number) => together.about(number)));
    await settled();
    expect(asked.map(({ numbers }) => numbers)).toEqual([[1, 2, 3]]);
    asked[0]?.answer();
    expect(await answers).toEqual([2, 4, 6]);
  });

  it('goes with the next question while enough are under way, and no question is larger than it may be', async () => {
    const { asked, ask } = questions();
    const together = new BatchLoader(ask, { underWay: 2, items: 2 });
    const answers = Promise.all([1, 2, 3, 4, 5].map((number) => together.about(number)));
    await settled();
    expect(asked.map(({ numbers }) => numbers)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    asked[1]?.answer();
    await settled();
    const late = together.about(6);
    expect(asked[2]?.numbers).toEqual([5]);
    asked[0]?.answer();
    await settled();
    expect(asked[3]?.numbers).toEqual([6]);
    asked[2]?.answer();
    asked[3]?.answer();
    expect(await answers).toEqual([2, 4, 6, 8, 10]);
    expect(await late).toBe(12);
  });

  it('is asked about one by one where the question fails, and only the bad one fails', async () => {
    const { asked, ask } = questions();
    const together = new BatchLoader(ask, { underWay: 1, items: 10 });
    const answers = Promise.allSettled([1, 2, 3].map((number) => together.about(number)));
    await settled();
    asked[0]?.fail();
    await settled();
    expect(asked.slice(1).map(({ numbers }) => numbers)).toEqual([[1], [2], [3]]);
    asked[1]?.answer();
    asked[2]?.fail();
    asked[3]?.answer();
    expect(await answers).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'rejected', reason: new Error('failed: 2') },
      { status: 'fulfilled', value: 6 },
    ]);
    const next = together.about(4);
    await settled();
    asked[4]?.answer();
    expect(await next).toBe(8);
  });
});
