import { expect, it } from 'vitest';
import { ConcurrencyLimit } from './concurrency-limit.js';

it('ConcurrencyLimit limits work per owner and in total, and frees the slot when work ends', () => {
  const limit = new ConcurrencyLimit(3, 2);
  const ends = [limit.begin('a'), limit.begin('a')];
  expect([limit.isFullFor('a'), limit.isFullFor('b'), limit.isFull]).toEqual([true, false, false]);
  ends.push(limit.begin('b'));
  expect([limit.isFullFor('b'), limit.isFull]).toEqual([false, true]);
  ends[0]?.();
  expect([limit.isFullFor('a'), limit.isFull]).toEqual([false, false]);
});
