import { createServer, request, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { APP_PORT, IngressFixture, targetOf } from './ingress-fixture.js';
import { eventually } from './cleanup.js';
import { EchoSocket, sendRaw, visit, visitEcho, type Echo } from './visitor.js';
import { PROMPT_MS } from '../../support/eventually.js';

const HOST = 'main-shop.test';

let ingress: IngressFixture;
beforeAll(async () => {
  ingress = await IngressFixture.start();
  await Promise.all([ingress.startApp('shop', 'shop'), ingress.startApp('bank', 'bank')]);
  await ingress.map.set(HOST, targetOf('shop'));
  await ingress.map.set('main-bank.test', targetOf('bank'));
});
afterAll(async () => {
  await ingress.stop();
});

const at = (host: string, headers: Record<string, string> = {}, path = '/') => ({
  port: ingress.port,
  host,
  headers,
  path,
});

describe('a request for a known host', () => {
  it.each([HOST, 'MAIN-Shop.TEST', `${HOST}:8480`, `${HOST}.`])('reaches its app at %s', async (host) => {
    const { version, headers } = await visitEcho(at(host));
    expect(version).toBe('shop');
    expect(headers.host).toBe(host);
  });

  it('keeps its method, path and query', async () => {
    const { method, url } = await visitEcho({ ...at(HOST, {}, '/a%2fb//c?x=1&y=%20'), method: 'PUT' });
    expect({ method, url }).toEqual({ method: 'PUT', url: '/a%2fb//c?x=1&y=%20' });
  });

  it('carries forwarding headers from the proxy, not from the client', async () => {
    const claims = {
      'X-Forwarded-For': '1.2.3.4',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Host': 'main-bank.test',
      'X-Forwarded-Port': '1',
      'X-Forwarded-Prefix': '/admin',
      'X-Forwarded-User': 'root',
      X_Forwarded_For: '1.2.3.4',
      'X-Real-IP': '1.2.3.4',
      Forwarded: 'for=1.2.3.4',
      'X-Nexos-Target': `bank:${APP_PORT}`,
      'X-Nexos-Anything': '1',
      X_Nexos_Target: '1',
      Proxy: 'http://1.2.3.4',
      'X-Kept': '1',
    };
    const { version, headers } = await visitEcho(at(HOST, claims));
    expect(version).toBe('shop');
    const forwarded = Object.keys(headers).filter((name) => /^(x|forwarded|proxy$)/.test(name));
    expect(forwarded.sort()).toEqual([
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-port',
      'x-forwarded-proto',
      'x-kept',
    ]);
    expect(headers['x-forwarded-port']).toBe('80');
    expect(headers['x-forwarded-host']).toBe(HOST);
    expect(headers['x-forwarded-proto']).toBe('http');
    expect(headers['x-forwarded-for']).toMatch(/^[0-9.]+$/);
    expect(headers['x-forwarded-for']).not.toBe('1.2.3.4');
  });

  it('keeps the forwarding headers of the proxy when the client lists them in Connection', async () => {
    const answer = await sendRaw(
      ingress.port,
      `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close, X-Forwarded-For, X-Forwarded-Host\r\n\r\n`,
    );
    const { headers } = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) as Echo;
    expect(headers['x-forwarded-for']).toBeDefined();
    expect(headers.connection ?? '').not.toContain('orwarded');
  });

  it('can be upgraded to a WebSocket', async () => {
    const socket = await EchoSocket.open(ingress.port, HOST);
    expect(await socket.echo('hello')).toBe('hello');
    socket.close();
  });

  it('gets a readable 503 when its service has no task', async () => {
    await ingress.map.set('ghost.test', targetOf('no-such-service'));
    const began = performance.now();
    const { status, headers, body } = await visit(at('ghost.test'));
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
    expect(body).toMatch(/starting/);
    expect(performance.now() - began).toBeLessThan(PROMPT_MS);
  });

  it('gets a readable 502 or 503 when the app hangs up or does not listen', async () => {
    await ingress.map.set('deaf.test', 'shop:3999:5000');
    expect(await visit(at('deaf.test'))).toMatchObject({
      status: 503,
      body: expect.stringMatching(/does not accept connections/) as string,
    });
    expect(await visit(at(HOST, {}, '/close'))).toMatchObject({
      status: 502,
      body: expect.stringMatching(/closed the connection/) as string,
    });
  });
});

describe('an app that keeps exiting', () => {
  const held = 'main-held.test';
  beforeAll(() => ingress.map.set(held, targetOf('held')));

  it('is a 503 at once with the seconds until its next start, as long as there are any', async () => {
    await ingress.holds.hold('held', Date.now() + 200_000);
    let fastestMs = Infinity;
    for (let n = 0; n < 5; n++) {
      const began = performance.now();
      await visit(at(held));
      fastestMs = Math.min(fastestMs, performance.now() - began);
    }
    // Others wait a second for a container.
    expect(fastestMs).toBeLessThan(900);
    const { status, headers, body } = await visit(at(held));
    const seconds = Number(headers['retry-after']);
    expect([status, seconds]).toEqual([503, expect.closeTo(200, -1)]);
    expect(body).toBe(`The app of this environment keeps exiting. It is started again in ${seconds} s.\n`);
    await ingress.holds.hold('held', Date.now() - 1_000);
    expect((await visit(at(held))).headers['retry-after']).toBe('1');
    await ingress.holds.hold('other', Date.now() + 1_000);
    expect([...(await ingress.holds.read()).keys()]).toEqual(['other']);
  });

  it('is reached when it runs although it is held', async () => {
    await ingress.map.set(held, targetOf('shop'));
    await ingress.holds.hold('shop', Date.now() + 200_000);
    expect((await visitEcho(at(held))).version).toBe('shop');
    await ingress.holds.delete('shop');
  });
});

describe('a malformed request', () => {
  it.each([
    ['two hosts', `GET / HTTP/1.1\r\nHost: ${HOST}\r\nHost: main-bank.test\r\n\r\n`],
    ['a target that differs from its host', `GET http://main-bank.test/ HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
    ['two lengths', `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx`],
    ['a folded header', `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-A: 1\r\n b: 2\r\nBad Name: 1\r\n\r\n`],
    ['a length that is not a number', `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: +5\r\n\r\nhello`],
  ])('is rejected when it has %s', async (_name, bytes) => {
    expect(await sendRaw(ingress.port, bytes)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('is treated as one request when it has both a length and chunks', async () => {
    const smuggled = `GET /smuggled HTTP/1.1\r\nHost: main-bank.test\r\n\r\n`;
    const answer = await sendRaw(
      ingress.port,
      `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    );
    expect(answer).not.toContain('smuggled');
  });

  it.each([
    ['a list of hosts', `main-bank.test,${HOST}`],
    ['nothing', ''],
    ['an address', '127.0.0.11'],
    ['the name of a service', 'tasks.shop'],
    ['a service and a port', `shop:${APP_PORT}`],
  ])('reaches no app when its host is %s', async (_name, host) => {
    const answer = await sendRaw(
      ingress.port,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    );
    // Later versions of HAProxy reject a list outright.
    expect(answer).toMatch(/^HTTP\/1\.1 (503 |400 )/);
    expect(answer).not.toContain('"version"');
  });
});

describe('a request for an unknown host', () => {
  let server: Server | undefined;
  afterEach(async () => {
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    server = undefined;
  });

  /** Starts an API that handles every request this way. */
  async function answerWith(listener: RequestListener): Promise<void> {
    server = createServer(listener);
    await new Promise<void>((resolve) => server?.listen(join(ingress.socketDir, 'fallback.sock'), resolve));
  }

  it('gets a plain 503 when the API is unreachable', async () => {
    const { status, headers, body } = await visit(at('nobody.test'));
    expect(status).toBe(503);
    expect(headers['content-type']).toBe('text/plain');
    expect(body).toBe('There is no running environment at this address.\n');
  });

  it('reaches only the explanation page of the API', async () => {
    await answerWith(({ method, url, headers }, response) => {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ method, url, headers }));
    });
    const { status, body } = await visit(
      at(
        'nobody.test:8480',
        {
          authorization: 'Bearer x',
          cookie: 'a=b',
          'x-forwarded-host': 'liar.test',
          'x-nexos-target': 'shop:1',
        },
        '/api/projects?limit=1',
      ),
    );
    expect(status).toBe(404);
    const { url, headers } = JSON.parse(body) as Echo;
    expect(url).toBe('/');
    expect(headers).toMatchObject({ 'x-forwarded-host': 'nobody.test:8480', 'x-forwarded-proto': 'http' });
    expect(headers['x-forwarded-for']).toMatch(/^[0-9.]+$/);
    expect(Object.keys(headers)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(authorization|cookie|x-nexos-.*)$/)]),
    );
  });

  it.each([
    ['/a%2fb//c?x=1&y=%20', '/a%2fb//c?x=1&y=%20'],
    ['//evil.test/', '//evil.test/'],
    ['http://main.test:8480/absolute?a=b', '/absolute?a=b'],
    ['/', '/'],
  ])('is redirected to its own address when the API says so: %s', async (path, expected) => {
    await answerWith((_request, response) => {
      response.writeHead(307, { location: 'http://main.test/', 'cache-control': 'no-store' }).end();
    });
    const { status, headers } = await visit({ ...at('main.test:8480', {}, path), method: 'POST' });
    expect([status, headers.location]).toEqual([307, `http://main.test:8480${expected}`]);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('is aborted when its client disconnects while the API holds it', async () => {
    let isHeld = false;
    let isAborted = false;
    await answerWith((request, response) => {
      request.resume();
      isHeld = true;
      response.once('close', () => (isAborted = true));
    });
    const outgoing = request({
      host: '127.0.0.1',
      port: ingress.port,
      headers: { host: 'main.test' },
      agent: false,
    });
    outgoing.on('error', () => undefined);
    outgoing.end();
    await eventually('the request to be held', () => (isHeld ? true : undefined));
    outgoing.destroy();
    await eventually('the request to be aborted', () => (isAborted ? true : undefined));
  });
});
