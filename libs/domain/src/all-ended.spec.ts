import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { allEnded } from './all-ended.js';

describe('work side by side', () => {
  it('comes to the values of all, in their order', async () => {
    const [number, text]: [number, string] = await allEnded([Promise.resolve(1), 'two']);
    expect([number, text]).toEqual([1, 'two']);
  });

  it('has all ended when one has failed', async () => {
    const slow = new EventEmitter();
    let hasThrown = false;
    const all = allEnded([Promise.reject(new Error('at once')), once(slow, 'end')]).catch(
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

  it('fails as the first in order does, whichever was first in time', async () => {
    const late = new Promise((_, reject) => void setImmediate(() => reject(new Error('first in order'))));
    await expect(allEnded([late, Promise.reject(new Error('first in time'))])).rejects.toThrow(
      'first in order',
    );
  });
});
