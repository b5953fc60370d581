import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { RedisServer } from '../../support/redis-server.js';
import { createQueuedDeployment } from '../../support/rows.js';
import { LogProcess, append, cursorsOf, numbered, textsOf } from '../../integration/logs/log-fixture.js';

let database: TestDatabase;
let redis: RedisServer;
let builder: LogProcess;
let api: LogProcess;
let away = false;
beforeAll(async () => {
  [database, redis] = await Promise.all([
    TestDatabase.create(inject('system')),
    RedisServer.start(inject('system')),
  ]);
  builder = await LogProcess.boot(database, redis.url);
  api = await LogProcess.boot(database, redis.url, builder.prefix);
});
afterAll(async () => {
  await Promise.all([builder.close(), api.close()]);
  await Promise.all([database.drop(), redis.remove()]);
});

let id: string;
beforeEach(async () => {
  ({ id } = await createQueuedDeployment(database));
});
afterEach(async () => {
  if (away) await comeBack();
});

async function goAway(): Promise<void> {
  await redis.stop();
  away = true;
  await eventually('the loss to be noticed', () =>
    Promise.resolve(builder.redis.status === 'ready' ? undefined : true),
  );
}
async function comeBack(): Promise<void> {
  await redis.restart();
  away = false;
  await Promise.all([builder.untilConnected(), api.untilConnected()]);
}

describe('a Redis that loses its data during a build', () => {
  it('costs no log line, as all of them are written again', async () => {
    const writer = await builder.open(id);
    append(writer, numbered(1, 700));
    await api.readUntil(id, 700);
    await redis.wipe();
    expect(await builder.redis.exists(`${builder.prefix}:log:${id}:1`)).toBe(0);
    append(writer, numbered(701, 710));
    const lines = await api.readUntil(id, 710);
    expect(textsOf(lines)).toEqual(numbered(1, 710));
    await builder.finish(writer);
    expect(await api.read(id)).toEqual(lines);
  });

  it('costs no log line and repeats none, even if it happens repeatedly', async () => {
    const writer = await builder.open(id);
    for (let round = 0; round < 5; round++) {
      append(writer, numbered(round * 40 + 1, round * 40 + 40));
      await api.readUntil(id, round * 40 + 40);
      await redis.wipe();
    }
    await builder.finish(writer);
    expect(textsOf(await api.read(id))).toEqual(numbered(1, 200));
  });

  it('shows readers no gap while the lines are written again', async () => {
    const writer = await builder.open(id);
    append(writer, numbered(1, 10));
    await api.readUntil(id, 10);
    append(writer, numbered(11, 20));
    await api.readUntil(id, 20);
    await redis.wipe();
    // A slow network between the builder and Redis, which delays the recovery.
    const del = builder.redis.del.bind(builder.redis) as (...keys: string[]) => Promise<number>;
    let release: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (release = resolve));
    Object.assign(builder.redis, { del: (...keys: string[]) => slow.then(() => del(...keys)) });
    try {
      append(writer, numbered(21, 25));
      // This reader saw ten lines before the loss.
      const after = { writer: 1, sequence: 10 };
      let seen: string[] = [];
      for (const deadline = Date.now() + 600; seen.length < 15 && Date.now() < deadline;) {
        seen = textsOf(await api.read(id, after));
        expect(seen).toEqual(numbered(11, 10 + seen.length));
      }
    } finally {
      Object.assign(builder.redis, { del });
      release();
    }
    expect(textsOf(await api.readUntil(id, 25))).toEqual(numbered(1, 25));
    await builder.finish(writer);
  });
});

describe('a Redis outage', () => {
  it('delays watchers without costing a line', async () => {
    const writer = await builder.open(id);
    append(writer, numbered(1, 20));
    await api.readUntil(id, 20);
    await goAway();
    append(writer, numbered(21, 1_600));
    await comeBack();
    const lines = await api.readUntil(id, 1_600);
    expect(textsOf(lines)).toEqual(numbered(1, 1_600));
    expect(cursorsOf(lines)).toEqual(Array.from({ length: 1_600 }, (_, i) => `1-${i + 1}`));
    await builder.finish(writer);
  });

  it('does not keep a build log from being archived and read', async () => {
    const writer = await builder.open(id);
    append(writer, numbered(1, 20));
    await goAway();
    append(writer, numbered(21, 40));
    await builder.finish(writer);
    expect(textsOf(await api.read(id))).toEqual(numbered(1, 40));
  });

  it("does not keep the next build from starting, and the last build's lines are archived later", async () => {
    const killed = await builder.open(id);
    append(killed, numbered(1, 3));
    await api.readUntil(id, 3);
    await goAway();
    const second = await builder.open(id);
    append(second, ['attempt 2']);
    await comeBack();
    expect(textsOf(await api.readUntil(id, 4))).toEqual([...numbered(1, 3), 'attempt 2']);
    await builder.finish(second);
    const third = await builder.open(id);
    append(third, ['rolling out']);
    await builder.finish(third);
    await redis.wipe();
    expect(textsOf(await api.read(id))).toEqual([...numbered(1, 3), 'attempt 2', 'rolling out']);
  });
});

describe('a watcher', () => {
  it('wakes once Redis is back if it started during the outage', async () => {
    await goAway();
    const watch = api.watch();
    let lookedAfterWaking = false;
    const stop = new AbortController();
    const watching = watch.watch(id, 60_000, stop.signal, async (nextChange) => {
      await nextChange();
      lookedAfterWaking = !stop.signal.aborted;
    });
    await comeBack();
    await eventually(
      'the watcher to be woken',
      async () => {
        await builder.log.wake(id);
        return lookedAfterWaking ? true : undefined;
      },
      { deadlineMs: 3_000 },
    ).finally(() => stop.abort());
    await watching;
  });

  it('wakes once Redis is back if it started before the outage', async () => {
    const stop = new AbortController();
    let woken = 0;
    const watching = api.watch().watch(id, 60_000, stop.signal, async (nextChange) => {
      while (!stop.signal.aborted) {
        await nextChange();
        woken++;
      }
    });
    await eventually('the watcher to be woken', async () => {
      await builder.log.wake(id);
      return woken > 0 ? true : undefined;
    });
    await goAway();
    await comeBack();
    const before = woken;
    await eventually(
      'the watcher to be woken again',
      async () => {
        await builder.log.wake(id);
        return woken > before ? true : undefined;
      },
      { deadlineMs: 3_000 },
    ).finally(() => stop.abort());
    await watching;
  });
});
