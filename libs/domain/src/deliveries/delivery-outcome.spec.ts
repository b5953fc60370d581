import { describe, expect, it } from 'vitest';
import { deliveryRetryMs, joinDistinct } from './delivery-outcome.js';

describe('deliveryRetryMs', () => {
  it('doubles with each failed attempt', () => {
    expect([1, 2, 3, 4].map((failed) => deliveryRetryMs(failed, 1_000))).toEqual([
      1_000, 2_000, 4_000, 8_000,
    ]);
  });

  it('waits at most a minute', () => {
    expect([7, 20].map((failed) => deliveryRetryMs(failed, 1_000))).toEqual([60_000, 60_000]);
  });
});

describe('joinDistinct', () => {
  it('lists each word once, in alphabetical order', () => {
    expect(joinDistinct(['ignored', 'deployed', 'ignored'])).toBe('deployed,ignored');
    expect(joinDistinct([null, 'older'])).toBe('older');
    expect(joinDistinct([null])).toBeNull();
  });
});
