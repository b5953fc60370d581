import { Logger } from '@nestjs/common';
import { type RoutesRepository } from '@nexos/state';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WakeWait } from './wake-wait.js';

let awake: string[];
let queries: string[][];
let isDatabaseDown: boolean;
let waits: WakeWait;
beforeAll(() => Logger.overrideLogger(false));
beforeEach(() => {
  vi.useFakeTimers();
  [awake, queries, isDatabaseDown] = [[], [], false];
  const findAwake = (ids: string[]) => {
    queries.push(ids);
    if (isDatabaseDown) return Promise.reject(new Error('unreachable'));
    return Promise.resolve(awake.filter((id) => ids.includes(id)));
  };
  waits = new WakeWait({ findAwake } as unknown as RoutesRepository);
});
afterEach(() => {
  waits.beforeApplicationShutdown();
  vi.useRealTimers();
});

const hold = (id: string) => waits.until(id, new AbortController().signal);
const holdAll = (id: string, count: number) => Array.from({ length: count }, () => hold(id));
/** Returns how a wait has ended, or `held` if it has not. */
const now = (wait: Promise<string>) => Promise.race([wait, Promise.resolve('held')]);

describe('a held request', () => {
  it('ends when its environment is awake, while others are still held', async () => {
    const a = hold('a');
    const b = hold('b');
    await vi.advanceTimersByTimeAsync(1_000);
    awake = ['a'];
    await vi.advanceTimersByTimeAsync(50);
    expect(await a).toBe('over');
    expect(await now(b)).toBe('held');
  });

  it('ends after a minute', async () => {
    const wait = hold('a');
    await vi.advanceTimersByTimeAsync(59_999);
    expect(await now(wait)).toBe('held');
    await vi.advanceTimersByTimeAsync(1);
    expect(await wait).toBe('late');
  });

  it('ends when its client disconnects, and frees its slot', async () => {
    const client = new AbortController();
    const first = waits.until('a', client.signal);
    void holdAll('a', 49);
    expect(await hold('a')).toBe('full');
    client.abort();
    expect(await first).toBe('over');
    expect(await now(hold('a'))).toBe('held');
  });

  it('ends when the process shuts down, and none is held after that', async () => {
    const wait = hold('a');
    waits.beforeApplicationShutdown();
    expect(await wait).toBe('late');
    expect(await hold('a')).toBe('late');
  });

  it('survives a temporary database outage', async () => {
    const wait = hold('a');
    isDatabaseDown = true;
    await vi.advanceTimersByTimeAsync(5_000);
    [isDatabaseDown, awake] = [false, ['a']];
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await wait).toBe('over');
  });
});

describe('concurrently held requests', () => {
  it('share one query at a time, and cause none once nobody waits', async () => {
    const all = [...holdAll('a', 30), ...holdAll('b', 30)];
    await vi.advanceTimersByTimeAsync(50);
    expect(queries).toEqual([['a', 'b']]);
    awake = ['a', 'b'];
    await vi.advanceTimersByTimeAsync(50);
    await Promise.all(all);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(queries).toHaveLength(2);
  });

  it('are limited to 50 per environment and 500 in total', async () => {
    void holdAll('one', 50);
    expect(await hold('one')).toBe('full');
    for (let number = 0; number < 9; number++) void holdAll(`other ${number}`, 50);
    expect(await hold('another')).toBe('full');
  });
});
