import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CredentialCache } from './credential-cache.js';

beforeEach(() => {
  vi.useFakeTimers();
  // lru-cache treats a clock at 0 as unset.
  vi.advanceTimersByTime(1);
});
afterEach(() => vi.useRealTimers());

/** Returns a cache whose reads the test resolves by hand. */
function manualCache() {
  const reads: ((row: string | null) => void)[] = [];
  const cache = new CredentialCache<string>(() => new Promise((resolve) => reads.push(resolve)));
  return { cache, reads };
}

describe('CredentialCache', () => {
  it('shares one read among concurrent requests and keeps it for half a second', async () => {
    const { cache, reads } = manualCache();
    const rows = Promise.all([cache.get('a'), cache.get('a'), cache.get('a')]);
    reads[0]?.('row');
    expect(await rows).toEqual(['row', 'row', 'row']);
    vi.advanceTimersByTime(499);
    expect(cache.recent('a')).toBe('row');
    expect(await cache.get('a')).toBe('row');
    expect(reads).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(cache.recent('a')).toBeUndefined();
  });

  it('counts the age of a row from the start of its read', async () => {
    const { cache, reads } = manualCache();
    const row = cache.get('a');
    vi.advanceTimersByTime(400);
    reads[0]?.('row');
    await row;
    vi.advanceTimersByTime(100);
    expect(cache.recent('a')).toBeUndefined();
  });

  it('starts a new read if the pending one takes too long', async () => {
    const { cache, reads } = manualCache();
    const first = cache.get('a');
    vi.advanceTimersByTime(500);
    const second = cache.get('a');
    reads[1]?.('new');
    expect(await second).toBe('new');
    reads[0]?.('old');
    expect(await first).toBe('old');
    expect(cache.recent('a')).toBe('new');
  });

  it('does not keep a read that was pending when the row changed', async () => {
    const { cache, reads } = manualCache();
    const before = cache.get('a');
    cache.forget('a');
    reads[0]?.('old');
    await before;
    expect(cache.recent('a')).toBeUndefined();
  });

  it('keeps neither missing rows nor failed reads', async () => {
    const read = vi.fn<() => Promise<string | null>>().mockResolvedValueOnce(null);
    const cache = new CredentialCache<string>(read);
    expect(await cache.get('a')).toBeNull();
    read.mockRejectedValueOnce(new Error('unreachable'));
    await expect(cache.get('a')).rejects.toThrow('unreachable');
    read.mockResolvedValueOnce('row');
    expect(await cache.get('a')).toBe('row');
  });
});
