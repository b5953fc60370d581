import { EventEmitter } from 'node:events';
import { LogWatch } from '@nexos/logs';
import type { Redis } from 'ioredis';
import { type LogsRepository } from '@nexos/state';
import { expect, it, vi } from 'vitest';
import { StatusWatch } from './status-watch.js';

const PATIENCE = { timeout: 8_000, interval: 20 };
const IDS = Array.from({ length: 10 }, (_, number) => `dep_${number}`);

/** A Redis that never sends a message. */
const silent = Object.assign(new EventEmitter(), {
  subscribe: () => Promise.resolve(),
  unsubscribe: () => Promise.resolve(),
}) as unknown as Redis;

it('StatusWatch checks all awaited deployments with one query per second, whenever each wait started', async () => {
  const queries: number[] = [];
  const statusesOf = (ids: string[]) => {
    queries.push(ids.length);
    return Promise.resolve(ids.map((id) => ({ id, status: 'queued' })));
  };
  const watch = new StatusWatch({ statusesOf } as unknown as LogsRepository, new LogWatch(silent, 'test'));
  const enough = new AbortController();
  const waiting: Promise<void>[] = [];
  for (const id of IDS) {
    const seen = queries.length;
    waiting.push(watch.change(id, 'queued', enough.signal));
    await vi.waitFor(() => expect(queries.length).toBeGreaterThan(seen), PATIENCE);
  }
  const before = queries.length;
  const queriesForAll = () => queries.slice(before).filter((count) => count === IDS.length);
  await vi.waitFor(() => expect(queriesForAll().length).toBeGreaterThanOrEqual(2), PATIENCE);
  enough.abort();
  await Promise.all(waiting);
  expect(queries.slice(before)).toEqual([10, 10]);
}, 20_000);
