import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TtlCache } from './ttl-cache.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const inMs = (ms: number) => performance.now() + ms;

describe('what is remembered', () => {
  it('is forgotten in time', () => {
    const remembered = new TtlCache<string>();
    remembered.set('a', 'x', inMs(100));
    vi.advanceTimersByTime(99);
    expect(remembered.get('a')).toBe('x');
    vi.advanceTimersByTime(1);
    expect(remembered.get('a')).toBeUndefined();
  });

  it('makes room for the new, the oldest first', () => {
    const remembered = new TtlCache<number>(2);
    remembered.set('a', 1, inMs(100));
    remembered.set('b', 2, inMs(100));
    remembered.set('a', 3, inMs(100));
    remembered.set('c', 4, inMs(100));
    expect(['a', 'b', 'c'].map((key) => remembered.get(key))).toEqual([3, undefined, 4]);
  });

  it('can be forgotten at once', () => {
    const remembered = new TtlCache<number>();
    remembered.set('a', 1, inMs(100));
    remembered.delete('a');
    expect(remembered.get('a')).toBeUndefined();
  });
});
