import { expect, it } from 'vitest';
import { ConcurrencyLimit } from './concurrency-limit.js';

it('so much goes on at once of each and in all, and there is room again when it has ended', () => {
  const atOnce = new ConcurrencyLimit(3, 2);
  const ends = [atOnce.begin('a'), atOnce.begin('a')];
  expect([atOnce.isFullOf('a'), atOnce.isFullOf('b'), atOnce.isFull]).toEqual([true, false, false]);
  ends.push(atOnce.begin('b'));
  expect([atOnce.isFullOf('b'), atOnce.isFull]).toEqual([false, true]);
  ends[0]?.();
  expect([atOnce.isFullOf('a'), atOnce.isFull]).toEqual([false, false]);
});
