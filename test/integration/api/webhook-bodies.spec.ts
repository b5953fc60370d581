import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { problemOf } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

it('a delivery waits for others when too much of what nobody has signed yet comes in', async () => {
  const { hostname, port } = new URL(nexos.api.baseUrl);
  const announce = () =>
    request({
      hostname,
      port,
      path: '/api/webhooks/github',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 25 * 1024 * 1024 },
    }).on('error', () => undefined);
  const others = Array.from({ length: 8 }, announce);
  try {
    for (const other of others) other.write('{');
    const refused = await eventually('a delivery to be refused', async () => {
      const response = await nexos.webhooks.send('ping', {});
      return response.status === 503 ? response : undefined;
    });
    expect((await problemOf(refused)).type).toBe('urn:nexos:problem:service-unavailable');
    expect(refused.headers.get('retry-after')).toBe('5');
    expect((await fetch(`${nexos.api.baseUrl}/health/live`)).status).toBe(200);
  } finally {
    for (const other of others) other.destroy();
  }
  await eventually('a delivery to be taken', async () => {
    const response = await nexos.webhooks.send('ping', {});
    return response.status === 202 ? true : undefined;
  });
});
