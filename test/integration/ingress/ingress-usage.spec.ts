import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_PORT, IngressFixture } from './ingress-fixture.js';
import { eventually } from './leftovers.js';
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
const untilOpen = (host: string, open: number) =>
  eventually(`${open} to be open`, async () => ((await usageOf(host))?.open === open ? true : undefined));

describe('what the ingress tells of the use of a host', () => {
  it('is nothing before its first request, and then how long ago the last one was', async () => {
    await ingress.map.set('first.test', `shop:${APP_PORT}`);
    expect(await usageOf('first.test')).toBeUndefined();
    await visitEcho(at('first.test'));
    const began = Date.now();
    const older = await eventually('half a second to have passed', async () => {
      const usage = await usageOf('first.test');
      return usage !== undefined && usage.idleMs >= 500 ? usage : undefined;
    });
    expect(older).toEqual({ idleMs: expect.any(Number) as number, open: 0 });
    expect(Math.abs(older.idleMs - (Date.now() - began))).toBeLessThan(400);
    await visitEcho(at('first.test'));
    expect((await usageOf('first.test'))?.idleMs).toBeLessThan(400);
  });

  it.each(['Main-Shop.TEST', 'main-shop.test:8480', 'main-shop.test.'])(
    'counts %s as the same',
    async (host) => {
      await ingress.map.set('main-shop.test', `shop:${APP_PORT}`);
      await eventually('it to be unused for a while', async () =>
        ((await usageOf('main-shop.test'))?.idleMs ?? 200) >= 200 ? true : undefined,
      );
      await visitEcho(at(host));
      expect((await usageOf('main-shop.test'))?.idleMs).toBeLessThan(200);
    },
  );

  it('knows the longest host name there is', async () => {
    await ingress.map.set(LONGEST, `shop:${APP_PORT}`);
    await visitEcho(at(LONGEST));
    expect(await usageOf(LONGEST)).toMatchObject({ open: 0 });
  });

  it('holds no host that is not in the map, nor what our own workers ask', async () => {
    await ingress.map.set('probe.test', `shop:${APP_PORT}`);
    await visit(at('made-up.test'));
    await ingress.untilAnswered('shop');
    expect(await usageOf('made-up.test')).toBeUndefined();
    expect(await usageOf('probe.test')).toBeUndefined();
  });

  it('says that a WebSocket and a long answer are open, and counts from their end', async () => {
    await ingress.map.set('open.test', `shop:${APP_PORT}`);
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
    await eventually('the socket to have been quiet', async () =>
      ((await usageOf('open.test'))?.idleMs ?? 0) >= 300 ? true : undefined,
    );
    socket.close();
    await untilOpen('open.test', 1);
    expect((await usageOf('open.test'))?.idleMs).toBeLessThan(300);
    answer.destroy();
  });

  it('begins anew with HAProxy, which says since when it knows', async () => {
    await ingress.map.set('before.test', `shop:${APP_PORT}`);
    await visitEcho(at('before.test'));
    const { watchedMs } = await ingress.usage.read();
    await ingress.container.restart({ t: 1 });
    await ingress.untilUp();
    const { hosts, watchedMs: since } = await ingress.usage.read();
    expect(hosts.size).toBe(0);
    expect(since).toBeLessThan(watchedMs);
  });
});
