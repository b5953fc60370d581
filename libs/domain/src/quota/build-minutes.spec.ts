import { describe, expect, it } from 'vitest';
import { buildMinutesLevel, buildMinutesOf, isHigherLevel } from './build-minutes.js';

describe('buildMinutesLevel', () => {
  it.each([
    [0, 500, 'ok'],
    [23_999, 500, 'ok'],
    [24_000, 500, 'nearly_used_up'],
    [29_999.9, 500, 'nearly_used_up'],
    [30_000, 500, 'used_up'],
    [40_000, 500, 'used_up'],
    [47.9, 1, 'ok'],
    [48, 1, 'nearly_used_up'],
    [0, 0, 'used_up'],
  ] as const)('puts %d s of %d minutes at the level %s', (seconds, minutes, level) => {
    expect(buildMinutesLevel(seconds, minutes)).toBe(level);
  });
});

describe('isHigherLevel', () => {
  it('compares two levels', () => {
    expect(isHigherLevel('nearly_used_up', 'ok')).toBe(true);
    expect(isHigherLevel('used_up', 'nearly_used_up')).toBe(true);
    expect(isHigherLevel('ok', 'ok')).toBe(false);
    expect(isHigherLevel('ok', 'used_up')).toBe(false);
  });
});

describe('buildMinutesOf', () => {
  it('rounds up to whole minutes', () => {
    expect([0, 0.4, 60, 60.1, 180].map(buildMinutesOf)).toEqual([0, 1, 1, 2, 3]);
  });
});
