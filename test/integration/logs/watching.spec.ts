import { type LogWatch } from '@nexos/logs';
import { LOG_START } from '@nexos/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually, PROMPT_MS } from '../../support/eventually.js';
import { createQueuedDeployment } from '../../support/rows.js';
import { LogProcess, append, numbered, textsOf } from './log-fixture.js';

const NEVER_MS = 600_000;
const PATIENCE_MS = 60_000;
let database: TestDatabase;
let builder: LogProcess;
let api: LogProcess;
let watch: LogWatch;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  const redisUrl = inject('system').env.REDIS_URL ?? '';
  builder = await LogProcess.boot(database, redisUrl);
  api = await LogProcess.boot(database, redisUrl, builder.prefix);
  watch = api.watch();
});
afterAll(async () => {
  await Promise.all([builder.close(), api.close()]);
  await database.drop();
});

let id: string;
beforeEach(async () => {
  ({ id } = await createQueuedDeployment(database));
});

const channel = () => `${builder.prefix}:log-woken:${id}`;
const subscriptions = async (): Promise<number> => {
  const answer = await builder.redis.pubsub('NUMSUB', channel());
  return Number(answer[1]);
};

/** Follows a log as the API does, until `count` lines were read. */
async function follow(count: number, fallbackMs = NEVER_MS): Promise<string[]> {
  const seen: string[] = [];
  const signal = AbortSignal.timeout(20_000);
  await watch.watch(id, fallbackMs, signal, async (nextChange) => {
    let after = LOG_START;
    while (!signal.aborted) {
      const lines = await api.read(id, after, 200);
      seen.push(...textsOf(lines));
      after = lines.at(-1) ?? after;
      if (seen.length >= count) return;
      if (lines.length < 200) await nextChange();
    }
  });
  return seen;
}

describe('LogWatch', () => {
  it('shows each line on a wake-up, without polling', async () => {
    const writer = await builder.open(id);
    const watching = follow(450);
    for (let round = 0; round < 45; round++) {
      append(writer, numbered(round * 10 + 1, round * 10 + 10));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await watching).toEqual(numbered(1, 450));
    await builder.finish(writer);
  });

  it('wakes the watcher at a new line', async () => {
    const writer = await builder.open(id);
    const watching = follow(1);
    await eventually('the subscription', async () => ((await subscriptions()) === 1 ? true : undefined));
    const began = Date.now();
    append(writer, ['one']);
    await watching;
    expect(Date.now() - began).toBeLessThan(PROMPT_MS);
    await builder.finish(writer);
  });

  it('wakes the watcher on a status change and at the end of the log', async () => {
    const writer = await builder.open(id);
    append(writer, ['one']);
    await api.readUntil(id, 1);
    const wakers = [() => builder.log.wake(id), () => builder.finish(writer)];
    for (const waker of wakers) {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      await watch.watch(id, NEVER_MS, signal, async (nextChange) => {
        const changed = nextChange();
        await waker();
        await changed;
      });
      expect(signal.aborted).toBe(false);
    }
  });

  it('lets the watcher read again after the fallback time when no wake-up comes', async () => {
    const began = Date.now();
    await watch.watch(id, 200, AbortSignal.timeout(60_000), (nextChange) => nextChange());
    expect(Date.now() - began).toBeGreaterThanOrEqual(190);
    expect(Date.now() - began).toBeLessThan(PROMPT_MS);
  });

  it('misses no wake-up that arrives while the watcher reads', async () => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await watch.watch(id, NEVER_MS, signal, async (nextChange) => {
      await builder.log.wake(id);
      // The reply follows the wake-up on the same connection, so that has arrived while nothing awaited it.
      await api.subscriber.ping();
      await nextChange();
    });
    expect(signal.aborted).toBe(false);
  });

  it('stops waiting at once when it is aborted', async () => {
    const stop = new AbortController();
    const watching = watch.watch(id, NEVER_MS, stop.signal, (nextChange) => nextChange());
    await eventually('the subscription', async () => ((await subscriptions()) === 1 ? true : undefined));
    stop.abort();
    await watching;
    expect(await subscriptions()).toBe(0);
  });

  it('does not wake the watcher for another deployment', async () => {
    const other = await createQueuedDeployment(database);
    let woken = false;
    const stop = new AbortController();
    const watching = watch.watch(id, NEVER_MS, stop.signal, async (nextChange) => {
      await nextChange();
      woken = !stop.signal.aborted;
    });
    await eventually('the subscription', async () => ((await subscriptions()) === 1 ? true : undefined));
    for (let i = 0; i < 20; i++) await builder.log.wake(other.id);
    await api.subscriber.ping();
    stop.abort();
    await watching;
    expect(woken).toBe(false);
  });
});

describe('many watchers of one log', () => {
  it('shows every line to a hundred watchers over one subscription on one connection', async () => {
    const connections = async () => {
      const list = (await builder.redis.client('LIST')) as string;
      return list.split('\n').filter((line) => line.includes(' sub=1 ')).length;
    };
    const writer = await builder.open(id);
    const watching = Array.from({ length: 100 }, () => follow(60));
    await eventually('the subscription', async () => ((await subscriptions()) > 0 ? true : undefined));
    expect(await subscriptions()).toBe(1);
    const before = await connections();
    append(writer, numbered(1, 60));
    const seen = await Promise.all(watching);
    for (const lines of seen) expect(lines).toEqual(numbered(1, 60));
    expect(await connections()).toBeLessThanOrEqual(before);
    await builder.finish(writer);
    await eventually('the subscription to end', async () =>
      (await subscriptions()) === 0 ? true : undefined,
    );
  });

  it('keeps the last watcher subscribed while others come and go', async () => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await watch.watch(id, NEVER_MS, signal, async (nextChange) => {
      const changed = nextChange();
      await Promise.all(
        Array.from({ length: 50 }, () => watch.watch(id, NEVER_MS, signal, () => Promise.resolve())),
      );
      expect(await subscriptions()).toBe(1);
      await builder.log.wake(id);
      await changed;
    });
    expect(signal.aborted).toBe(false);
    expect(await subscriptions()).toBe(0);
  });
});

describe('a large log', () => {
  it('follows an archived log of six megabytes to its end soon', async () => {
    const writer = await builder.open(id);
    append(
      writer,
      Array.from({ length: 50_000 }, (_, i) => `${i} ${'x'.repeat(120)}`),
    );
    await builder.finish(writer);
    const began = Date.now();
    const seen = await follow(50_000);
    expect(seen).toHaveLength(50_000);
    expect(Date.now() - began).toBeLessThan(3 * PROMPT_MS);
  });
});
