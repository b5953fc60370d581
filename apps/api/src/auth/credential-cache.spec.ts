import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CredentialCache } from './credential-cache.js';

beforeEach(() => {
  vi.useFakeTimers();
  // To lru-cache a clock at 0 tells no time.
  vi.advanceTimersByTime(1);
});
afterEach(() => vi.useRealTimers());

/** Reads a row by asking the test for it. */
function slowly() {
  const asked: ((row: string | null) => void)[] = [];
  const cache = new CredentialCache<string>(() => new Promise((resolve) => asked.push(resolve)));
  return { cache, asked };
}

describe('a reading', () => {
  it('is shared by all that ask at the same time, and kept for half a second', async () => {
    const { cache, asked } = slowly();
    const rows = Promise.all([cache.get('a'), cache.get('a'), cache.get('a')]);
    asked[0]?.('row');
    expect(await rows).toEqual(['row', 'row', 'row']);
    vi.advanceTimersByTime(499);
    expect(cache.recent('a')).toBe('row');
    expect(await cache.get('a')).toBe('row');
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(cache.recent('a')).toBeUndefined();
  });

  it('is as old as the question, not as the answer', async () => {
    const { cache, asked } = slowly();
    const row = cache.get('a');
    vi.advanceTimersByTime(400);
    asked[0]?.('row');
    await row;
    vi.advanceTimersByTime(100);
    expect(cache.recent('a')).toBeUndefined();
  });

  it('that takes too long is not waited for by those who come later', async () => {
    const { cache, asked } = slowly();
    const first = cache.get('a');
    vi.advanceTimersByTime(500);
    const second = cache.get('a');
    asked[1]?.('new');
    expect(await second).toBe('new');
    asked[0]?.('old');
    expect(await first).toBe('old');
    expect(cache.recent('a')).toBe('new');
  });

  it('that was under way when the row changed is not kept', async () => {
    const { cache, asked } = slowly();
    const before = cache.get('a');
    cache.forget('a');
    asked[0]?.('old');
    await before;
    expect(cache.recent('a')).toBeUndefined();
  });

  it('of what is not there is not kept, nor is one that failed', async () => {
    const read = vi.fn<() => Promise<string | null>>().mockResolvedValueOnce(null);
    const cache = new CredentialCache<string>(read);
    expect(await cache.get('a')).toBeNull();
    read.mockRejectedValueOnce(new Error('away'));
    await expect(cache.get('a')).rejects.toThrow('away');
    read.mockResolvedValueOnce('row');
    expect(await cache.get('a')).toBe('row');
  });
});
