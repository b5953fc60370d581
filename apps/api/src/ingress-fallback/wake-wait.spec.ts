import { Logger } from '@nestjs/common';
import { type RoutesRepository } from '@nexos/state';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WakeWait } from './wake-wait.js';

let awake: string[];
let looks: string[][];
let isDatabaseAway: boolean;
let waits: WakeWait;
beforeAll(() => Logger.overrideLogger(false));
beforeEach(() => {
  vi.useFakeTimers();
  [awake, looks, isDatabaseAway] = [[], [], false];
  const findAwoken = (ids: string[]) => {
    looks.push(ids);
    if (isDatabaseAway) return Promise.reject(new Error('away'));
    return Promise.resolve(awake.filter((id) => ids.includes(id)));
  };
  waits = new WakeWait({ findAwoken } as unknown as RoutesRepository);
});
afterEach(() => {
  waits.beforeApplicationShutdown();
  vi.useRealTimers();
});

const hold = (id: string) => waits.until(id, new AbortController().signal);
const holdAll = (id: string, count: number) => Array.from({ length: count }, () => hold(id));
/** Whether it has ended by now, and how. */
const now = (wait: Promise<string>) => Promise.race([wait, Promise.resolve('held')]);

describe('a request that is held', () => {
  it('ends when its environment is awake, and all others go on', async () => {
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

  it('ends when its client has gone, and makes room', async () => {
    const client = new AbortController();
    const first = waits.until('a', client.signal);
    void holdAll('a', 49);
    expect(await hold('a')).toBe('full');
    client.abort();
    expect(await first).toBe('over');
    expect(await now(hold('a'))).toBe('held');
  });

  it('ends when the process does, and none is held after that', async () => {
    const wait = hold('a');
    waits.beforeApplicationShutdown();
    expect(await wait).toBe('late');
    expect(await hold('a')).toBe('late');
  });

  it('outlives a database that is away for a while', async () => {
    const wait = hold('a');
    isDatabaseAway = true;
    await vi.advanceTimersByTimeAsync(5_000);
    [isDatabaseAway, awake] = [false, ['a']];
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await wait).toBe('over');
  });
});

describe('requests that are held together', () => {
  it('are looked after with one query at a time, and with none once nobody waits', async () => {
    const all = [...holdAll('a', 30), ...holdAll('b', 30)];
    await vi.advanceTimersByTimeAsync(50);
    expect(looks).toEqual([['a', 'b']]);
    awake = ['a', 'b'];
    await vi.advanceTimersByTimeAsync(50);
    await Promise.all(all);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(looks).toHaveLength(2);
  });

  it('are 50 of one environment and 500 of all at the most', async () => {
    void holdAll('one', 50);
    expect(await hold('one')).toBe('full');
    for (let number = 0; number < 9; number++) void holdAll(`other ${number}`, 50);
    expect(await hold('another')).toBe('full');
  });
});
