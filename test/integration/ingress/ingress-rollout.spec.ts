import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapTarget } from '@nexos/ingress';
import { IngressFixture, targetOf } from './ingress-fixture.js';
import { eventually } from './cleanup.js';
import { SteadyLoad } from './steady-load.js';
import { EchoSocket, visit, visitEcho, visitPatiently } from './visitor.js';
import { PROMPT_MS } from '../../support/eventually.js';

const HOST = 'main-shop.test';
const OTHER_HOST = 'dev-shop.test';
const RATE = 200;
const SWAPS = 8;
const REQUESTS_PER_SWAP = 60;

let ingress: IngressFixture;
const containers = new Map<string, Docker.Container>();
beforeAll(async () => {
  ingress = await IngressFixture.start();
  for (const name of ['one', 'two', 'other']) containers.set(name, await ingress.startApp(name, name));
});
afterAll(async () => {
  await ingress.stop();
});

describe('a rollout', () => {
  it('moves a host between versions without a failed request', async () => {
    await ingress.map.set(HOST, targetOf('one'));
    await ingress.map.set(OTHER_HOST, targetOf('other'));
    const neighbour = await EchoSocket.open(ingress.port, OTHER_HOST);
    const old = await EchoSocket.open(ingress.port, HOST);
    const load = new SteadyLoad(ingress.port, HOST, RATE);
    for (let swap = 1; swap <= SWAPS; swap += 1) {
      const enough = load.answered + REQUESTS_PER_SWAP;
      await eventually('traffic', () => (load.answered + load.failures.length >= enough ? true : undefined));
      await ingress.map.set(HOST, targetOf(swap % 2 === 1 ? 'two' : 'one'));
    }
    await ingress.map.set(HOST, targetOf('two'));
    expect((await visitEcho({ port: ingress.port, host: HOST })).version).toBe('two');
    expect(await old.echo('still here')).toBe('still here');
    await containers.get('one')?.stop({ t: 0 });
    await eventually('the old version is gone', () => (old.closed ? true : undefined));
    await load.stop();

    expect(load.failures).toEqual([]);
    expect(load.answered).toBeGreaterThan(SWAPS * REQUESTS_PER_SWAP);
    expect([...load.versions.keys()].sort()).toEqual(['one', 'two']);
    expect(await neighbour.echo('undisturbed')).toBe('undisturbed');
    neighbour.close();
  });

  it('lets requests wait while a container restarts under another address', async () => {
    await ingress.map.set(OTHER_HOST, targetOf('other'));
    await containers.get('other')?.stop({ t: 0 });
    await ingress.addresses.delete('other');
    const waiting = visitPatiently({ port: ingress.port, host: OTHER_HOST });
    const upload = visitPatiently({
      port: ingress.port,
      host: OTHER_HOST,
      method: 'POST',
      body: Buffer.alloc(100_000),
    });
    await ingress.startContainerOf('other', 'again');
    expect(JSON.parse((await waiting).body)).toMatchObject({ version: 'again' });
    expect((await upload).status).toBe(200);
  });

  it('answers 503 after a second when no container comes', async () => {
    await ingress.map.set(OTHER_HOST, targetOf('nobody'));
    const began = performance.now();
    const { status, headers } = await visit({ port: ingress.port, host: OTHER_HOST });
    expect([status, headers['retry-after']]).toEqual([503, '1']);
    expect(performance.now() - began).toBeGreaterThan(900);
    expect(performance.now() - began).toBeLessThan(PROMPT_MS);
  });

  it.each([
    ['the loopback address', '127.0.0.1'],
    ['the machine on a bridge', '10.96.0.1'],
    ['another network', '192.168.0.9'],
    ['a public address', '192.0.2.7'],
  ])('never connects to %s, whatever the map says', async (_name, address) => {
    await ingress.map.set(
      OTHER_HOST,
      mapTarget({ service: 'astray', port: ingress.port, relay: null }, 10_000),
    );
    await ingress.addresses.set('astray', address);
    const began = performance.now();
    expect((await visit({ port: ingress.port, host: OTHER_HOST })).status).toBe(503);
    const probe = {
      service: 'astray',
      port: ingress.port,
      relay: null,
      host: OTHER_HOST,
      path: '/',
      timeoutMs: 2_000,
    };
    expect(await ingress.probe.probe(probe)).toEqual({ kind: 'unresolved' });
    expect(performance.now() - began).toBeLessThan(PROMPT_MS);
  });
});

describe('a restarted HAProxy', () => {
  it('says that it is starting, until its routes are complete', async () => {
    const unknown = { port: ingress.port, host: 'unknown.test' };
    expect((await visit(unknown)).status).not.toBe(200);
    await ingress.container.restart({ t: 1 });
    await ingress.untilUp();
    const { status, headers, body } = await visit(unknown);
    expect([status, headers['retry-after'], body]).toEqual([
      503,
      '1',
      'Nexos is starting. Try again in a moment.\n',
    ]);
    await ingress.map.set(HOST, targetOf('two'));
    expect((await visit(unknown)).body).toBe(body);
    await ingress.map.replaceAll(new Map([[HOST, targetOf('two')]]));
    expect((await visit(unknown)).body).not.toBe(body);
  });
});
