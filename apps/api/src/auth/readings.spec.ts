import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Readings } from './readings.js';

beforeEach(() => {
  vi.useFakeTimers();
  // To lru-cache a clock at 0 tells no time.
  vi.advanceTimersByTime(1);
});
afterEach(() => vi.useRealTimers());

/** Reads a row by asking the test for it. */
function slowly() {
  const asked: ((row: string | null) => void)[] = [];
  const readings = new Readings<string>(() => new Promise((resolve) => asked.push(resolve)));
  return { readings, asked };
}

describe('a reading', () => {
  it('is shared by all that ask at the same time, and kept for half a second', async () => {
    const { readings, asked } = slowly();
    const rows = Promise.all([readings.get('a'), readings.get('a'), readings.get('a')]);
    asked[0]?.('row');
    expect(await rows).toEqual(['row', 'row', 'row']);
    vi.advanceTimersByTime(499);
    expect(readings.recent('a')).toBe('row');
    expect(await readings.get('a')).toBe('row');
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(readings.recent('a')).toBeUndefined();
  });

  it('is as old as the question, not as the answer', async () => {
    const { readings, asked } = slowly();
    const row = readings.get('a');
    vi.advanceTimersByTime(400);
    asked[0]?.('row');
    await row;
    vi.advanceTimersByTime(100);
    expect(readings.recent('a')).toBeUndefined();
  });

  it('that takes too long is not waited for by those who come later', async () => {
    const { readings, asked } = slowly();
    const first = readings.get('a');
    vi.advanceTimersByTime(500);
    const second = readings.get('a');
    asked[1]?.('new');
    expect(await second).toBe('new');
    asked[0]?.('old');
    expect(await first).toBe('old');
    expect(readings.recent('a')).toBe('new');
  });

  it('that was under way when the row changed is not kept', async () => {
    const { readings, asked } = slowly();
    const before = readings.get('a');
    readings.forget('a');
    asked[0]?.('old');
    await before;
    expect(readings.recent('a')).toBeUndefined();
  });

  it('of what is not there is not kept, nor is one that failed', async () => {
    const read = vi.fn<() => Promise<string | null>>().mockResolvedValueOnce(null);
    const readings = new Readings<string>(read);
    expect(await readings.get('a')).toBeNull();
    read.mockRejectedValueOnce(new Error('away'));
    await expect(readings.get('a')).rejects.toThrow('away');
    read.mockResolvedValueOnce('row');
    expect(await readings.get('a')).toBe('row');
  });
});
