import { IngressConfig, loadConfig } from '@nexos/config';
import { HaproxyRuntime } from '@nexos/ingress';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './cleanup.js';
import { IngressFixture, targetOf } from './ingress-fixture.js';
import { EchoSocket, visit, visitEcho } from './visitor.js';

const HOST = 'main-shop.test';
const OTHER_HOST = 'dev-shop.test';
const SHARE = new IngressConfig().maxConnectionsPerHost;
const MAX_FILES = 4_000;

let byDefault: IngressFixture;
let limited: IngressFixture;
beforeAll(async () => {
  [byDefault, limited] = await Promise.all([
    IngressFixture.start({ INGRESS_MAX_CONNECTIONS: '', INGRESS_MAX_CONNECTIONS_PER_HOST: '' }, MAX_FILES),
    IngressFixture.start({ INGRESS_MAX_CONNECTIONS: '1234', INGRESS_MAX_CONNECTIONS_PER_HOST: '2' }),
  ]);
  for (const ingress of [byDefault, limited]) {
    await ingress.startApp('shop', 'shop');
    await ingress.map.set(HOST, targetOf('shop'));
    await ingress.map.set(OTHER_HOST, targetOf('shop'));
  }
});
afterAll(async () => {
  await byDefault.stop();
  await limited.stop();
});

const get = (ingress: IngressFixture, host: string, path = '/') =>
  visit({ port: ingress.port, host, path, timeoutMs: 20_000 });

/** Opens so many WebSockets, and waits until the ingress has counted them all. */
async function open(ingress: IngressFixture, host: string, count: number): Promise<EchoSocket[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => EchoSocket.open(ingress.port, host)));
  await untilOpen(ingress, host, count);
  return sockets;
}
const untilOpen = (ingress: IngressFixture, host: string, count: number) =>
  eventually(`${count} to be open`, async () =>
    (await ingress.usage.read()).hosts.get(host)?.open === count ? true : undefined,
  );

async function maxConnections(ingress: IngressFixture): Promise<number> {
  const variables = { INGRESS_SOCKET_DIR: ingress.socketDir };
  const { config } = loadConfig({ config: IngressConfig }, variables);
  const info = await new HaproxyRuntime(config).command('show', 'info');
  return Number(/^Maxconn: (\d+)$/m.exec(info)?.[1]);
}

describe("one environment's share of connections", () => {
  it('is 500 by default; more get a 503 that says so, and other environments are not affected', async () => {
    const sockets = await open(byDefault, HOST, SHARE);
    const { status, headers, body } = await get(byDefault, HOST);
    expect(status).toBe(503);
    expect(body).toBe(
      'This environment is at its limit of 500 simultaneous requests and WebSockets. Try again in a moment.\n',
    );
    expect(headers).toMatchObject({
      'retry-after': '5',
      'cache-control': 'no-store',
      'content-type': 'text/plain',
    });
    await expect(EchoSocket.open(byDefault.port, HOST)).rejects.toThrow('no upgrade: 503');
    expect((await visitEcho({ port: byDefault.port, host: OTHER_HOST })).version).toBe('shop');
    for (const socket of sockets.slice(0, 1)) socket.close();
    await untilOpen(byDefault, HOST, SHARE - 1);
    expect((await get(byDefault, HOST)).status).toBe(200);
    expect(await Promise.all(sockets.slice(1).map((socket) => socket.echo('x')))).toEqual(
      sockets.slice(1).map(() => 'x'),
    );
    for (const socket of sockets) socket.close();
  });

  it('counts requests and WebSockets, whichever spelling of the host they use', async () => {
    const [socket] = await open(limited, HOST, 1);
    const late = get(limited, `${HOST.toUpperCase()}:80`, '/late/1500');
    await untilOpen(limited, HOST, 2);
    expect((await get(limited, `${HOST}.`)).status).toBe(503);
    expect((await late).status).toBe(200);
    expect((await get(limited, HOST)).status).toBe(200);
    socket?.close();
  });
});

describe('the number of connections of HAProxy', () => {
  it("follows its container's limit of file descriptors, at two each", async () => {
    const connections = await maxConnections(byDefault);
    expect(connections).toBeGreaterThan(MAX_FILES / 2 - 100);
    expect(connections).toBeLessThan(MAX_FILES / 2);
  });

  it('is that of INGRESS_MAX_CONNECTIONS', async () => {
    expect(await maxConnections(limited)).toBe(1_234);
  });
});
