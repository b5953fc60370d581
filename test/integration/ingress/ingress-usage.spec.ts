import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IngressFixture, targetOf } from './ingress-fixture.js';
import { eventually } from './cleanup.js';
import { EchoSocket, visit, visitEcho } from './visitor.js';

const LONGEST = [63, 63, 63, 61].map((length) => 'a'.repeat(length)).join('.');

let ingress: IngressFixture;
beforeAll(async () => {
  ingress = await IngressFixture.start();
  await ingress.startApp('shop', 'shop');
});
afterAll(() => ingress.stop());

const at = (host: string) => ({ port: ingress.port, host });
const usageOf = async (host: string) => (await ingress.usage.read()).hosts.get(host);
/** HAProxy counts a request as finished shortly after its client has the response. */
const untilOpen = (host: string, open: number) =>
  eventually(`${open} to be open`, async () => {
    const usage = await usageOf(host);
    return usage?.open === open ? usage : undefined;
  });
const untilIdleFor = (host: string, ms: number) =>
  eventually(`${ms} ms without a request`, async () => {
    const usage = await usageOf(host);
    return usage !== undefined && usage.idleMs >= ms ? usage : undefined;
  });
/** Tolerance, since HAProxy's clock and ours tick in different steps. */
const TICK_MS = 50;
const since = (began: number) => Date.now() - began + TICK_MS;

describe('IngressUsage', () => {
  it('reports nothing before the first request of a host, and then how long ago the last one was', async () => {
    await ingress.map.set('first.test', targetOf('shop'));
    expect(await usageOf('first.test')).toBeUndefined();
    const asked = Date.now();
    await visitEcho(at('first.test'));
    const answered = Date.now();
    const older = await untilIdleFor('first.test', 500);
    expect(older).toEqual({ idleMs: expect.any(Number) as number, open: 0 });
    expect(older.idleMs).toBeLessThan(since(asked));
    expect(Date.now() - answered).toBeGreaterThan(500 - TICK_MS);
    const again = Date.now();
    await visitEcho(at('first.test'));
    expect((await untilOpen('first.test', 0)).idleMs).toBeLessThan(since(again));
  });

  it.each(['Main-Shop.TEST', 'main-shop.test:8480', 'main-shop.test.'])(
    'counts a request for %s as one for main-shop.test',
    async (host) => {
      await ingress.map.set('main-shop.test', targetOf('shop'));
      if ((await usageOf('main-shop.test')) !== undefined) await untilIdleFor('main-shop.test', 200);
      const asked = Date.now();
      await visitEcho(at(host));
      expect((await untilOpen('main-shop.test', 0)).idleMs).toBeLessThan(since(asked));
    },
  );

  it('tracks the longest possible host name', async () => {
    await ingress.map.set(LONGEST, targetOf('shop'));
    await visitEcho(at(LONGEST));
    expect((await usageOf(LONGEST))?.idleMs).toBeDefined();
  });

  it('ignores hosts that are not in the map, and probes of our own workers', async () => {
    await ingress.map.set('probe.test', targetOf('shop'));
    await visit(at('made-up.test'));
    await ingress.untilAnswered('shop');
    expect(await usageOf('made-up.test')).toBeUndefined();
    expect(await usageOf('probe.test')).toBeUndefined();
  });

  it('reports open WebSockets and long responses, and counts idle time from their end', async () => {
    await ingress.map.set('open.test', targetOf('shop'));
    const socket = await EchoSocket.open(ingress.port, 'open.test');
    const answer = request({
      ...at('127.0.0.1'),
      path: '/hang',
      headers: { host: 'open.test' },
      agent: false,
    });
    answer.on('error', () => undefined);
    answer.end();
    await untilOpen('open.test', 2);
    await untilIdleFor('open.test', 300);
    const closed = Date.now();
    socket.close();
    expect((await untilOpen('open.test', 1)).idleMs).toBeLessThan(since(closed));
    answer.destroy();
  });

  it('starts over when HAProxy restarts, and reports how long it has been watching', async () => {
    await ingress.map.set('before.test', targetOf('shop'));
    await visitEcho(at('before.test'));
    const { watchedMs } = await ingress.usage.read();
    await ingress.container.restart({ t: 1 });
    await ingress.untilUp();
    const restarted = await ingress.usage.read();
    expect(restarted.hosts.size).toBe(0);
    expect(restarted.watchedMs).toBeLessThan(watchedMs);
  });
});
