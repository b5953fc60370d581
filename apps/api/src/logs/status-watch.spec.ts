import { EventEmitter } from 'node:events';
import { LogWatch } from '@nexos/logs';
import type { Redis } from 'ioredis';
import { type LogsRepository } from '@nexos/state';
import { expect, it, vi } from 'vitest';
import { StatusWatch } from './status-watch.js';

const PATIENCE = { timeout: 8_000, interval: 20 };
const IDS = Array.from({ length: 10 }, (_, number) => `dep_${number}`);

/** A Redis that never says anything. */
const silent = Object.assign(new EventEmitter(), {
  subscribe: () => Promise.resolve(),
  unsubscribe: () => Promise.resolve(),
}) as unknown as Redis;

it('one query a second looks at all deployments that are waited for, whenever each wait began', async () => {
  const looks: number[] = [];
  const statusesOf = (ids: string[]) => {
    looks.push(ids.length);
    return Promise.resolve(ids.map((id) => ({ id, status: 'queued' })));
  };
  const watch = new StatusWatch({ statusesOf } as unknown as LogsRepository, new LogWatch(silent, 'test'));
  const enough = new AbortController();
  const waiting: Promise<void>[] = [];
  for (const id of IDS) {
    const seen = looks.length;
    waiting.push(watch.change(id, 'queued', enough.signal));
    await vi.waitFor(() => expect(looks.length).toBeGreaterThan(seen), PATIENCE);
  }
  const before = looks.length;
  const looksAtAll = () => looks.slice(before).filter((count) => count === IDS.length);
  await vi.waitFor(() => expect(looksAtAll().length).toBeGreaterThanOrEqual(2), PATIENCE);
  enough.abort();
  await Promise.all(waiting);
  expect(looks.slice(before)).toEqual([10, 10]);
}, 20_000);
