import { describe, expect, it } from 'vitest';
import { OutsideTransaction } from './outside-transaction.js';

describe('OutsideTransaction', () => {
  it('runs work at once without a keyed transaction', async () => {
    expect(await new OutsideTransaction().run('a', () => Promise.resolve(1))).toBe(1);
  });

  it('ends the attempt before the work begins, and repeats it with the answer', async () => {
    const outside = new OutsideTransaction();
    const steps: string[] = [];
    const ask = (name: string) =>
      outside.run(name, () => {
        steps.push(`ask ${name}`);
        return Promise.resolve(name);
      });
    const result = await outside.repeat(async () => {
      steps.push('begin');
      try {
        return [await ask('a'), await ask('b'), await ask('a')];
      } finally {
        steps.push('end');
      }
    });
    expect(result).toEqual(['a', 'b', 'a']);
    expect(steps).toEqual(['begin', 'end', 'ask a', 'begin', 'end', 'ask b', 'begin', 'end']);
  });

  it('fails where the work was asked for, with its error', async () => {
    const outside = new OutsideTransaction();
    const failing = () => outside.run('a', () => Promise.reject(new RangeError('away')));
    await expect(outside.repeat(failing)).rejects.toThrow(RangeError);
  });

  it('keeps the answers of concurrent requests apart', async () => {
    const outside = new OutsideTransaction();
    const one = (answer: number) => outside.repeat(() => outside.run('a', () => Promise.resolve(answer)));
    expect(await Promise.all([one(1), one(2)])).toEqual([1, 2]);
  });
});
