import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IngressFixture, targetOf } from './ingress-fixture.js';
import { eventually } from './cleanup.js';
import { SteadyLoad } from './steady-load.js';
import { EchoSocket, visit, visitEcho } from './visitor.js';

const HOST = 'main-shop.test';
const OTHER_HOST = 'dev-shop.test';
const RATE = 200;
const SWAPS = 8;
const REQUESTS_PER_SWAP = 60;

let ingress: IngressFixture;
let network: string;
let services: string[];
beforeAll(async () => {
  ingress = await IngressFixture.start();
  network = await ingress.createOverlay();
  services = await Promise.all(['one', 'two', 'other'].map((v) => ingress.createService(network, v)));
  await Promise.all(services.map((service) => ingress.untilAnswered(service)));
});
afterAll(async () => {
  await ingress.stop();
});

describe('a rollout', () => {
  it('moves a host between versions without a failed request', async () => {
    const [one, two, other] = services;
    await ingress.map.set(HOST, targetOf(one));
    await ingress.map.set(OTHER_HOST, targetOf(other));
    const neighbour = await EchoSocket.open(ingress.port, OTHER_HOST);
    const old = await EchoSocket.open(ingress.port, HOST);
    const load = new SteadyLoad(ingress.port, HOST, RATE);
    for (let swap = 1; swap <= SWAPS; swap += 1) {
      const enough = load.answered + REQUESTS_PER_SWAP;
      await eventually('traffic', () => (load.answered + load.failures.length >= enough ? true : undefined));
      await ingress.map.set(HOST, targetOf(swap % 2 === 1 ? two : one));
    }
    await ingress.map.set(HOST, targetOf(two));
    expect((await visitEcho({ port: ingress.port, host: HOST })).version).toBe('two');
    expect(await old.echo('still here')).toBe('still here');
    await ingress.docker.getService(one ?? '').remove();
    await eventually('the old version is gone', () => (old.closed ? true : undefined));
    await load.stop();

    expect(load.failures).toEqual([]);
    expect(load.answered).toBeGreaterThan(SWAPS * REQUESTS_PER_SWAP);
    expect([...load.versions.keys()].sort()).toEqual(['one', 'two']);
    expect(await neighbour.echo('undisturbed')).toBe('undisturbed');
    neighbour.close();
  });

  it('reaches a task again soon after Swarm has restarted it', async () => {
    const [, , other] = services;
    await ingress.map.set(OTHER_HOST, targetOf(other));
    const { headers } = await visit({ port: ingress.port, host: OTHER_HOST, path: '/exit' });
    expect(headers['content-type']).toBe('text/plain');
    await eventually('the app answers again', () =>
      visitEcho({ port: ingress.port, host: OTHER_HOST }).catch(() => undefined),
    );
  });
});
