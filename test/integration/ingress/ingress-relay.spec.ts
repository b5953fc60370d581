import type Docker from 'dockerode';
import { mapTarget, type ProbeRequest } from '@nexos/ingress';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './cleanup.js';
import { APP_PORT, IngressFixture } from './ingress-fixture.js';
import { EchoSocket, visit, visitEcho, visitPatiently, type Visit } from './visitor.js';

const INSTANCE = 'relayed';
const RELAY = 'relay';
const SHOP = `nexos-${INSTANCE}-shop`;
const TIMEOUT_MS = 1_000;
const HOST = 'shop.test';

let ingress: IngressFixture;
let network: string;
let shop: Docker.Container;

/** Routes a name to a service behind the relay. */
const route = (host: string, service: string, port = APP_PORT) =>
  ingress.map.set(host, mapTarget({ service, port, relay: RELAY }, TIMEOUT_MS));
const get = (path: string, more: Partial<Visit> = {}) =>
  visit({ port: ingress.port, host: HOST, path, ...more });
const probe = (overrides: Partial<ProbeRequest> = {}) =>
  ingress.probe.probe({
    ...{ service: SHOP, port: APP_PORT, relay: RELAY, host: HOST, path: '/', timeoutMs: 5_000 },
    ...overrides,
  });

beforeAll(async () => {
  ingress = await IngressFixture.start();
  network = await ingress.startRelay(RELAY, INSTANCE);
  shop = await ingress.startHidden(SHOP, 'shop', network);
  await route(HOST, SHOP);
  await eventually('the app answers', () =>
    visitEcho({ port: ingress.port, host: HOST }).catch(() => undefined),
  );
});
afterAll(() => ingress.stop());

/** Costs about 10 s. */
describe('an app behind a relay', () => {
  it('gets requests as without one, and its answers reach visitors unchanged', async () => {
    const { headers, body } = await get('/path?query', {
      headers: { 'x-nexos-target': 'a:1', accept: 'text/html' },
    });
    const echo = JSON.parse(body) as { url: string; headers: Record<string, string> };
    expect(echo.url).toBe('/path?query');
    expect(Object.keys(echo.headers).sort()).toEqual([
      ...['accept', 'connection', 'host', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port'],
      'x-forwarded-proto',
    ]);
    expect(echo.headers['x-forwarded-for']).toBe('127.0.0.1');
    // The app set it to `timeout`, like a relay.
    expect(headers['x-nexos-relay']).toBeUndefined();
  });

  it.each([204, 302, 404, 500, 502, 503, 504])('can answer with the status %i itself', async (status) => {
    const answer = await get(`/status/${status}`);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('The app of this environment');
    expect(await probe({ path: `/status/${status}` })).toEqual({ kind: 'answered', status });
  });

  it('has its request timeout, except for streams of events', async () => {
    const began = performance.now();
    expect(await get('/late/2000')).toMatchObject({
      status: 504,
      body: 'The app of this environment did not answer in time (see request_timeout_seconds).\n',
    });
    expect(performance.now() - began).toBeGreaterThanOrEqual(TIMEOUT_MS - 50);
    await expect(get('/pause/2000')).rejects.toThrow('aborted');
    const { body } = await get('/pause/2000', { headers: { accept: 'text/event-stream' } });
    expect(body).toBe('begun, done');
  });

  it('gets large uploads and has WebSockets', async () => {
    expect((await get('/late/0', { method: 'POST', body: Buffer.alloc(20_000_000) })).status).toBe(200);
    const socket = await EchoSocket.open(ingress.port, HOST);
    expect(await socket.echo('hello')).toBe('hello');
    socket.close();
  });

  it('gets a request whose headers are as large as the ingress allows', async () => {
    const sizes = [14_000, 14_500, 15_000];
    for (const size of sizes) {
      const { status } = await get('/', { headers: { padding: 'x'.repeat(size) } });
      // Node.js answers 431 above 16 KiB; 400 is the ingress's own.
      expect([size, status]).not.toEqual([size, 503]);
      expect([size, status]).not.toEqual([size, 502]);
    }
  });

  it('is told apart from one that closes connections, listens elsewhere or does not run', async () => {
    await route('elsewhere.test', SHOP, 3999);
    await route('absent.test', `nexos-${INSTANCE}-absent`);
    const texts = [
      await get('/close'),
      await get('/', { host: 'elsewhere.test' }),
      await get('/', { host: 'absent.test' }),
    ];
    expect(texts.map(({ status, body, headers }) => [status, body, headers['retry-after']])).toEqual([
      [502, 'The app of this environment closed the connection without an answer.\n', undefined],
      [503, 'The app of this environment does not accept connections. Try again in a moment.\n', '1'],
      [503, 'This environment is starting, or has stopped. Try again in a moment.\n', '1'],
    ]);
    await ingress.holds.hold(`nexos-${INSTANCE}-absent`, Date.now() + 200_000);
    const { status, headers } = await get('/', { host: 'absent.test' });
    expect([status, Number(headers['retry-after'])]).toEqual([503, expect.closeTo(200, -1)]);
    expect(await probe({ path: '/close' })).toEqual({ kind: 'broken' });
    expect(await probe({ port: 3999 })).toEqual({ kind: 'refused' });
    expect(await probe({ service: `nexos-${INSTANCE}-absent` })).toEqual({ kind: 'unresolved' });
    expect(await probe({ path: '/hang', timeoutMs: 300 })).toEqual({ kind: 'timeout' });
  });

  it('is reached again soon after it was replaced, while requests wait', async () => {
    await shop.stop({ t: 0 });
    const waiting = visitPatiently({ port: ingress.port, host: HOST });
    await ingress.startHidden(SHOP, 'again', network);
    expect(JSON.parse((await waiting).body)).toMatchObject({ version: 'again' });
  });
});

describe('a relay', () => {
  it('does not connect to services outside the network of its project', async () => {
    // The relay is on the network of the ingress too, where another container has this name.
    await ingress.startHidden(`nexos-${INSTANCE}-astray`, 'astray', ingress.edge);
    await route('astray.test', `nexos-${INSTANCE}-astray`);
    expect((await get('/', { host: 'astray.test' })).status).toBe(503);
    expect(await probe({ service: `nexos-${INSTANCE}-astray` })).toEqual({ kind: 'unresolved' });
  });

  it('resolves names of its own installation only', async () => {
    await ingress.startHidden('nexos-other-shop', 'other', network);
    await expect(probe({ service: 'nexos-other-shop' })).rejects.toThrow('refused a probe with status 400');
  });

  it('must be the one that answers, so that an outdated address leads nowhere', async () => {
    const former = await ingress.startContainerOf('former', 'former', 8480);
    await ingress.publish('gone', former);
    await eventually('it answers', async () =>
      (await probe({ service: 'former', port: 8480, relay: null })).kind === 'answered' ? true : undefined,
    );
    await ingress.map.set(
      'gone.test',
      mapTarget({ service: SHOP, port: APP_PORT, relay: 'gone' }, TIMEOUT_MS),
    );
    expect((await get('/late/0', { host: 'gone.test' })).status).toBe(503);
  });
});
