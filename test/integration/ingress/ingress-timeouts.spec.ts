import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HaproxyRuntime } from '@nexos/ingress';
import { IngressConfig, loadConfig } from '@nexos/config';
import { byScale } from '../../support/scale.js';
import { APP_PORT, IngressFixture, targetOf } from './ingress-fixture.js';
import { sendRaw, visit, type Visit } from './visitor.js';

/** The longest silence of the short form is 3 s; of the long one 90 s, more than a usual timeout of proxies. */
const UNIT_MS = byScale({ short: 1_000, long: 30_000 });
const SILENCE_MS = 3 * UNIT_MS;
const MAP = '/usr/local/etc/haproxy/hosts.map';
const IMPATIENT = 'impatient.test';
const PATIENT = 'patient.test';

let ingress: IngressFixture;
beforeAll(async () => {
  ingress = await IngressFixture.start();
  await ingress.startApp('shop', 'shop');
  await ingress.map.set(IMPATIENT, targetOf('shop', UNIT_MS));
  await ingress.map.set(PATIENT, targetOf('shop', 5 * UNIT_MS));
});
afterAll(() => ingress.stop());

const get = (host: string, path: string, more: Partial<Visit> = {}) =>
  visit({ port: ingress.port, host, path, timeoutMs: 10 * UNIT_MS, ...more });

/** Sends the first half of a body, and the second after the silence. */
function uploadWithPause(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(ingress.port, '127.0.0.1', () => {
      socket.write(
        `POST /late/0 HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: 2\r\n\r\na`,
      );
      setTimeout(() => socket.write('b'), SILENCE_MS);
    });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (answer += text));
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
  });
}

describe.concurrent("an app's request timeout", () => {
  it('ends a request whose response does not begin in time, and names the setting', async () => {
    const began = performance.now();
    const { status, body } = await get(IMPATIENT, `/late/${SILENCE_MS}`);
    expect(performance.now() - began).toBeGreaterThanOrEqual(UNIT_MS - 50);
    expect([status, body]).toEqual([
      504,
      'The app of this environment did not answer in time (see request_timeout_seconds).\n',
    ]);
  });

  it('cuts a response that is silent for longer', async () => {
    await expect(get(IMPATIENT, `/pause/${SILENCE_MS}`)).rejects.toThrow('aborted');
  });

  it('lets a shorter silence pass, before a response, in it and after an upload', async () => {
    const upload = { method: 'POST', body: Buffer.alloc(20_000_000) };
    const answers = await Promise.all([
      get(PATIENT, `/late/${SILENCE_MS}`),
      get(PATIENT, `/pause/${SILENCE_MS}`),
      get(PATIENT, `/late/${SILENCE_MS}`, upload),
      get(PATIENT, `/unread/${SILENCE_MS}`, upload),
    ]);
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [200, 'done'],
      [200, 'begun, done'],
      [200, 'done'],
      [200, 'done'],
    ]);
  });

  it('lets the client pause within an upload', async () => {
    expect(await uploadWithPause(PATIENT)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each(['text/event-stream', 'application/json, Text/Event-Stream;q=0.9'])(
    'does not apply to a request that accepts %s',
    async (accept) => {
      const { status, body } = await get(IMPATIENT, `/pause/${SILENCE_MS}`, { headers: { accept } });
      expect([status, body]).toEqual([200, 'begun, done']);
    },
  );

  it('has its default for an entry of the map that an earlier version wrote', async () => {
    const { ingress: config } = loadConfig(
      { ingress: IngressConfig },
      { INGRESS_SOCKET_DIR: ingress.socketDir },
    );
    await new HaproxyRuntime(config).command('add', 'map', MAP, 'early.test', `shop:${APP_PORT}`);
    const { status, body } = await get('early.test', `/pause/${SILENCE_MS}`);
    expect([status, body]).toEqual([200, 'begun, done']);
  });
});

describe.concurrent('a client', () => {
  it.each(['', `GET / HTTP/1.1\r\nHost: ${PATIENT}\r\n`])(
    'that stops after %j has ten seconds for its headers',
    async (bytes) => {
      const began = performance.now();
      expect(await sendRaw(ingress.port, bytes, 60_000)).toMatch(/^HTTP\/1\.1 408 /);
      expect(performance.now() - began).toBeGreaterThan(9_900);
      expect(performance.now() - began).toBeLessThan(30_000);
    },
  );
});
