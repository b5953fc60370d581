import { describe, expect, it } from 'vitest';
import { messageRetryMs, receiverPauseMs, retryAfterMs } from './message-retry.js';

describe('messageRetryMs', () => {
  it('waits four times as long after each failure, up to four hours', () => {
    expect([1, 2, 3, 4].map((failures) => messageRetryMs(failures, 5_000))).toEqual([
      5_000, 20_000, 80_000, 320_000,
    ]);
    expect(messageRetryMs(40, 5_000)).toBe(14_400_000);
  });
});

describe('receiverPauseMs', () => {
  it('doubles with each failure, up to five minutes', () => {
    expect([1, 2, 3].map((failures) => receiverPauseMs(failures, 5_000))).toEqual([5_000, 10_000, 20_000]);
    expect(receiverPauseMs(1_000, 5_000)).toBe(300_000);
  });
});

describe('retryAfterMs', () => {
  const NOW = Date.parse('2026-11-29T12:00:00Z');
  it.each([
    [undefined, null],
    ['120', 120_000],
    [' 0 ', 0],
    ['Sun, 29 Nov 2026 12:01:00 GMT', 60_000],
    ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
    ['999999999999', 86_400_000],
    ['soon', null],
    ['', null],
    ['-5', null],
  ])('reads %j as %j', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});
