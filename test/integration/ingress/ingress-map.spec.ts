import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IngressConfig, loadConfig } from '@nexos/config';
import { HaproxyRuntime, IngressMap, IngressUnavailableError } from '@nexos/ingress';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IngressFixture } from './ingress-fixture.js';
import { eventually } from './cleanup.js';
import { PROMPT_MS } from '../../support/eventually.js';

const MAP = '/usr/local/etc/haproxy/hosts.map';

let ingress: IngressFixture;
let runtime: HaproxyRuntime;
beforeAll(async () => {
  ingress = await IngressFixture.start();
  runtime = runtimeIn(ingress.socketDir);
});
afterAll(async () => {
  await ingress.stop();
});
beforeEach(async () => {
  await ingress.map.replaceAll(new Map());
});

describe('IngressMap', () => {
  it('adds, moves and removes a host', async () => {
    expect(await ingress.map.read()).toEqual(new Map());
    await ingress.map.set('main-shop.test', 'one:3000:9000');
    await ingress.map.set('dev-shop.test', 'two:3000:9000');
    await ingress.map.set('main-shop.test', 'three:80:9000');
    expect(await ingress.map.read()).toEqual(
      new Map([
        ['main-shop.test', 'three:80:9000'],
        ['dev-shop.test', 'two:3000:9000'],
      ]),
    );
    await ingress.map.delete('main-shop.test');
    await ingress.map.delete('main-shop.test');
    expect(await ingress.map.read()).toEqual(new Map([['dev-shop.test', 'two:3000:9000']]));
  });

  it('ends with one target for a host that many writers add concurrently', async () => {
    const targets = Array.from({ length: 20 }, (_, i) => `app-${i}:3000:9000`);
    await Promise.all(targets.map((target) => ingress.map.set('raced.test', target)));
    const lines = (await runtime.command('show', 'map', MAP))
      .split('\n')
      .filter((line) => line.includes(' raced.test '));
    const written = new Set(lines.map((line) => line.split(' ')[2]));
    expect(written.size).toBe(1);
    await ingress.map.delete('raced.test');
    expect(await ingress.map.read()).toEqual(new Map());
  });

  it('replaces all routes by changing only those that differ, duplicates included', async () => {
    await ingress.map.set('same.test', 'a:1:9000');
    // As an earlier version wrote it.
    await runtime.command('add', 'map', MAP, 'moved.test', 'b:1');
    await ingress.map.set('gone.test', 'a:1:9000');
    await runtime.command('add', 'map', MAP, 'twice.test', 'a:1:9000');
    await runtime.command('add', 'map', MAP, 'twice.test', 'b:1:9000');
    const desired = new Map([
      ['same.test', 'a:1:9000'],
      ['moved.test', 'b:1:9000'],
      ['twice.test', 'b:1:9000'],
      ['new.test', 'c:1:9000'],
    ]);
    expect(await ingress.map.replaceAll(desired)).toEqual({
      add: [{ key: 'new.test', value: 'c:1:9000' }],
      change: [
        { key: 'moved.test', value: 'b:1:9000' },
        { key: 'twice.test', value: 'b:1:9000' },
      ],
      remove: ['gone.test'],
    });
    expect(await ingress.map.read()).toEqual(desired);
    expect(await ingress.map.replaceAll(desired)).toEqual({ add: [], change: [], remove: [] });
  });

  it('holds thousands of routes', async () => {
    const desired = new Map(Array.from({ length: 2_000 }, (_, i) => [`h${i}.test`, `app-${i}:3000:9000`]));
    await ingress.map.replaceAll(desired);
    expect(await ingress.map.read()).toEqual(desired);
  });

  it.each([
    ['a.test b', 'a:1:9000'],
    ['a.test; shutdown sessions server environments/app', 'a:1:9000'],
    ['a.test\nadd', 'a:1:9000'],
    ['a.test', 'a:1:9000\ndel map x'],
    ['a.test', 'a:1:9000;help'],
    ['a.test', '<<'],
  ])('rejects %j → %j before it sends anything', async (host, target) => {
    await expect(ingress.map.set(host, target)).rejects.toThrow(RangeError);
    await expect(ingress.map.replaceAll(new Map([[host, target]]))).rejects.toThrow(RangeError);
    expect(() => runtime.command('set', 'map', MAP, `${host} ${target}`)).toThrow(RangeError);
    expect(await ingress.map.read()).toEqual(new Map());
  });
});

describe('IngressMap, when HAProxy restarts', () => {
  it('reports a new identity, and can be filled again', async () => {
    const before = await ingress.map.identity();
    expect(await ingress.map.identity()).toBe(before);
    await ingress.map.set('main-shop.test', 'one:3000:9000');
    await ingress.container.restart({ t: 1 });
    await ingress.untilUp();
    expect(await ingress.map.identity()).not.toBe(before);
    expect(await ingress.map.read()).toEqual(new Map());
    await ingress.map.replaceAll(new Map([['main-shop.test', 'one:3000:9000']]));
    expect(await ingress.map.read()).toEqual(new Map([['main-shop.test', 'one:3000:9000']]));
  });

  it('reports the ingress as unavailable meanwhile', async () => {
    await ingress.container.kill();
    await eventually('HAProxy is gone', () =>
      ingress.map.read().then(
        () => undefined,
        (error: unknown) => {
          expect(error).toBeInstanceOf(IngressUnavailableError);
          return true;
        },
      ),
    );
    await ingress.container.start();
    await ingress.untilUp();
  });
});

describe('HaproxyRuntime', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nexos-ingress-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it.each([
    ['swallows the command', () => undefined],
    ['closes without a response', (socket: Socket) => socket.end()],
    ['closes in the middle of a line', (socket: Socket) => socket.end('0x7fa70c043060 a.test a:1\n0x7fa7')],
    ['closes between two lines', (socket: Socket) => socket.end('0x7fa70c043060 a.test a:1\n')],
    ['denies the command', (socket: Socket) => socket.end('Permission denied\n\n')],
  ])('reports a socket that %s as unavailable within the deadline', async (_name, behave) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => socket.destroy()));
      socket.once('data', () => behave(socket));
    });
    await new Promise<void>((resolve) => server.listen(join(folder, 'admin.sock'), resolve));
    const began = performance.now();
    await expect(new IngressMap(runtimeIn(folder)).read()).rejects.toThrow(IngressUnavailableError);
    expect(performance.now() - began).toBeLessThan(PROMPT_MS);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});

function runtimeIn(socketDir: string): HaproxyRuntime {
  return new HaproxyRuntime(
    loadConfig({ ingress: IngressConfig }, { INGRESS_SOCKET_DIR: socketDir }).ingress,
  );
}
