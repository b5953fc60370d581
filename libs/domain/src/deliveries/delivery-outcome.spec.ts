import { describe, expect, it } from 'vitest';
import { deliveryRetryMs, joinWords } from './delivery-outcome.js';

describe('deliveryRetryMs', () => {
  it('doubles with each attempt that failed', () => {
    expect([1, 2, 3, 4].map((failed) => deliveryRetryMs(failed, 1_000))).toEqual([
      1_000, 2_000, 4_000, 8_000,
    ]);
  });

  it('is a minute at most', () => {
    expect([7, 20].map((failed) => deliveryRetryMs(failed, 1_000))).toEqual([60_000, 60_000]);
  });
});

describe('joinWords', () => {
  it('has each word once, in alphabetical order', () => {
    expect(joinWords(['ignored', 'deployed', 'ignored'])).toBe('deployed,ignored');
    expect(joinWords([null, 'older'])).toBe('older');
    expect(joinWords([null])).toBeNull();
  });
});
