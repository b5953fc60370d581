import { request, type ClientRequest } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { problemOf } from './api-fixture.js';

const MIB = 1024 * 1024;
const LARGEST = 25 * MIB;

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

/** Starts a delivery that announces the maximum length, and sends only `bytes` of it. */
async function unfinished(bytes: number): Promise<ClientRequest> {
  const { hostname, port } = new URL(nexos.api.baseUrl);
  const headers = { 'content-type': 'application/json', 'content-length': LARGEST };
  const delivery = request({ hostname, port, path: '/api/webhooks/github', method: 'POST', headers });
  delivery.on('error', () => undefined);
  delivery.flushHeaders();
  if (bytes > 0) await new Promise((sent) => delivery.write(Buffer.alloc(bytes, 'x'), sent));
  return delivery;
}
const ping = (padding = 0) => nexos.webhooks.send('ping', { zen: 'x'.repeat(padding) });

it('deliveries that announce a large body and send nothing do not block others', async () => {
  const others = await Promise.all(Array.from({ length: 20 }, () => unfinished(0)));
  try {
    for (let n = 0; n < 5; n++) expect((await ping(MIB)).status).toBe(202);
  } finally {
    for (const other of others) other.destroy();
  }
});

it('a client with too many unverified bytes in flight gets a 503 until they are gone', async () => {
  const others = await Promise.all(Array.from({ length: 3 }, () => unfinished(LARGEST - MIB)));
  try {
    const refused = await ping(4 * MIB);
    expect(refused.status).toBe(503);
    expect((await problemOf(refused)).type).toBe('urn:nexos:problem:service-unavailable');
    expect(refused.headers.get('retry-after')).toBe('5');
    expect((await ping()).status).toBe(202);
  } finally {
    for (const other of others) other.destroy();
  }
  let response = await ping(4 * MIB);
  for (let n = 0; n < 50 && response.status === 503; n++) response = await ping(4 * MIB);
  expect(response.status).toBe(202);
});
