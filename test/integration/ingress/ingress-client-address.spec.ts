import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IngressFixture, targetOf } from './ingress-fixture.js';
import { sendRaw, visit, visitEcho, type Echo } from './visitor.js';

const HOST = 'main-shop.test';
/** Requests of these tests come from loopback. */
const LOOPBACK = '10.0.0.0/8, 127.0.0.0/8,192.168.0.0/16, fd00::/8, 2001:db8::7';
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

const ingresses: IngressFixture[] = [];
async function start(variables: Record<string, string>): Promise<IngressFixture> {
  const ingress = await IngressFixture.start(variables);
  ingresses.push(ingress);
  await ingress.startApp('shop', 'shop');
  await ingress.map.set(HOST, targetOf('shop'));
  return ingress;
}
afterAll(async () => {
  for (const ingress of ingresses) await ingress.stop();
});

/** Returns the forwarding headers that the app got. */
function forwarded({ headers }: Pick<Echo, 'headers'>): Record<string, unknown> {
  const names = Object.keys(headers).filter((name) => /forwarded|real|nexos/.test(name));
  return Object.fromEntries(names.map((name) => [name, headers[name]]));
}

describe('a request from a trusted proxy', () => {
  let ingress: IngressFixture;
  beforeAll(async () => {
    ingress = await start({ INGRESS_TRUSTED_PROXIES: LOOPBACK, PUBLIC_SCHEME: 'https' });
  });
  const from = (headers: Record<string, string | string[]>, host = HOST) =>
    visitEcho({ port: ingress.port, host, headers });

  it('keeps its forwarding headers, and appends the proxy to X-Forwarded-For', async () => {
    const { headers, rawHeaders } = await from({
      'X-Forwarded-For': '6.6.6.6, 203.0.113.9',
      'X-Forwarded-Proto': 'http',
      'X-Forwarded-Port': '8080',
      'X-Forwarded-Host': 'www.shop.example',
    });
    expect(forwarded({ headers })).toEqual({
      'x-forwarded-for': expect.stringMatching(/^6\.6\.6\.6, 203\.0\.113\.9, \d+\.\d+\.\d+\.\d+$/) as string,
      'x-forwarded-proto': 'http',
      'x-forwarded-port': '8080',
      'x-forwarded-host': 'www.shop.example',
    });
    // Some apps read only the first of several lines.
    expect(rawHeaders.filter((name) => name.toLowerCase() === 'x-forwarded-for')).toHaveLength(1);
  });

  it('keeps the order of several lines, so that a client cannot move behind its own address', async () => {
    const headers = forwarded(await from({ 'X-Forwarded-For': ['6.6.6.6', '203.0.113.9'] }));
    const addresses = String(headers['x-forwarded-for']).split(', ');
    expect(addresses.slice(0, 2)).toEqual(['6.6.6.6', '203.0.113.9']);
    expect(addresses).toHaveLength(3);
  });

  it.each([
    [HOST, '443'],
    [`${HOST}:8443`, '8443'],
    [`${HOST}:99999`, '443'],
  ])('gets the headers that the proxy did not send, for %s', async (host, port) => {
    expect(forwarded(await from({}, host))).toEqual({
      'x-forwarded-for': expect.stringMatching(ADDRESS) as string,
      'x-forwarded-proto': 'https',
      'x-forwarded-port': port,
      'x-forwarded-host': host,
    });
  });

  it('does not pass on what the proxy may have let through from its client', async () => {
    const headers = forwarded(
      await from({
        'X-Forwarded-For': '203.0.113.9',
        X_Forwarded_For: '6.6.6.6',
        'X-Forwarded_For': '6.6.6.6',
        'X-Forwarded-Form': '1',
        'X-Forwarded-User': 'root',
        'X-Real-IP': '6.6.6.6',
        Forwarded: 'for=6.6.6.6',
        'X-Nexos-Target': 'bank:3000',
        Connection: 'close, X-Forwarded-For',
      }),
    );
    expect(Object.keys(headers).sort()).toEqual([
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-port',
      'x-forwarded-proto',
    ]);
  });

  it('is redirected to the URL of its host and PUBLIC_SCHEME after it woke an environment', async () => {
    const api: Server = createServer((_request, response) => {
      response.writeHead(307, { location: 'http://main.test/' }).end();
    });
    await new Promise<void>((resolve) => api.listen(join(ingress.socketDir, 'fallback.sock'), resolve));
    const headers = { 'X-Forwarded-Proto': 'http', 'X-Forwarded-Host': 'evil.test' };
    const answer = await visit({ port: ingress.port, host: 'main.test', path: '//a?b', headers });
    expect([answer.status, answer.headers.location]).toEqual([307, 'https://main.test//a?b']);
    await new Promise((resolve) => api.close(resolve));
  });
});

describe('a connection with a PROXY protocol header', () => {
  let trusted: IngressFixture;
  let stranger: IngressFixture;
  beforeAll(async () => {
    const variables = { INGRESS_PROXY_PROTOCOL: 'true' };
    [trusted, stranger] = await Promise.all([
      start({ ...variables, INGRESS_TRUSTED_PROXIES: LOOPBACK }),
      start({ ...variables, INGRESS_TRUSTED_PROXIES: '203.0.113.0/24' }),
    ]);
  });
  const REQUEST = `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-Forwarded-For: 6.6.6.6\r\nConnection: close\r\n\r\n`;
  const proxied = async (source: string) => {
    const answer = await sendRaw(trusted.port, `PROXY ${source} 4321 443\r\n${REQUEST}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    const { headers } = JSON.parse(/\{.*\}/.exec(answer)?.[0] ?? '') as Echo;
    return headers['x-forwarded-for'];
  };

  it.each([
    ['TCP4 203.0.113.9 10.0.0.1', '203.0.113.9'],
    ['TCP6 2001:db8::9 fd00::1', '2001:db8::9'],
  ])('comes from its client, whose own claims are dropped: %s', async (source, client) => {
    expect(await proxied(source)).toBe(client);
  });

  it.each([
    ['TCP4 10.1.1.1 10.0.0.1', '6.6.6.6, 10.1.1.1'],
    ['TCP6 2001:db8::7 fd00::1', '6.6.6.6, 2001:db8::7'],
  ])('is trusted when its client is a trusted proxy: %s', async (source, chain) => {
    expect(await proxied(source)).toBe(chain);
  });

  it('is required from a trusted proxy', async () => {
    await expect(sendRaw(trusted.port, REQUEST)).rejects.toThrow('ECONNRESET');
  });

  it('is refused from everyone else, who sends plain HTTP', async () => {
    expect(await sendRaw(stranger.port, `PROXY TCP4 203.0.113.9 10.0.0.1 4321 443\r\n${REQUEST}`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    const headers = forwarded(
      await visitEcho({ port: stranger.port, host: HOST, headers: { 'X-Forwarded-For': '6.6.6.6' } }),
    );
    expect(headers['x-forwarded-for']).toMatch(ADDRESS);
    expect(headers['x-forwarded-for']).not.toBe('6.6.6.6');
  });
});

describe('a list of trusted proxies', () => {
  it('trusts nobody when it is empty', async () => {
    const ingress = await start({ INGRESS_TRUSTED_PROXIES: ' , ' });
    const headers = { 'X-Forwarded-For': '6.6.6.6', 'X-Forwarded-Proto': 'https' };
    expect(forwarded(await visitEcho({ port: ingress.port, host: HOST, headers }))).toMatchObject({
      'x-forwarded-for': expect.stringMatching(/^(?!6\.)[\d.]+$/) as string,
      'x-forwarded-proto': 'http',
    });
  });
});
