import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { settleAll } from './settle-all.js';

describe('settleAll', () => {
  it('returns all values in order', async () => {
    const [number, text]: [number, string] = await settleAll([Promise.resolve(1), 'two']);
    expect([number, text]).toEqual([1, 'two']);
  });

  it('waits for all work to end before it rejects', async () => {
    const slow = new EventEmitter();
    let hasThrown = false;
    const all = settleAll([Promise.reject(new Error('at once')), once(slow, 'end')]).catch(
      (error: unknown) => {
        hasThrown = true;
        return error;
      },
    );
    await new Promise(setImmediate);
    expect(hasThrown).toBe(false);
    slow.emit('end');
    expect(await all).toEqual(new Error('at once'));
  });

  it('rejects with the first failure in argument order, not in time', async () => {
    const late = new Promise((_, reject) => void setImmediate(() => reject(new Error('first in order'))));
    await expect(settleAll([late, Promise.reject(new Error('first in time'))])).rejects.toThrow(
      'first in order',
    );
  });
});
