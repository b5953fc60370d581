import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { anyPort } from '../../support/any-port.js';
import { eventually } from '../../support/eventually.js';
import { testUser } from '../../support/github-oauth/test-user.js';
import type { AppProcess } from '../../support/nexos/app-process.js';
import { RedisServer } from '../../support/redis-server.js';
import { startSignIn, type SignInSystem } from '../../integration/api/sign-in-fixture.js';

const OLD_KEY = randomBytes(32).toString('base64');

let redis: RedisServer;
let system: SignInSystem;
/** Another process of the same API, which has a newer key than the first one. */
let replica: AppProcess;
let replicaUrl: string;
beforeAll(async () => {
  redis = await RedisServer.start(inject('system'));
  system = await startSignIn(inject('system'), { REDIS_URL: redis.url, ENCRYPTION_KEY: OLD_KEY });
  const port = await anyPort();
  replicaUrl = `http://127.0.0.1:${port}`;
  replica = system.nexos.another('api', {
    PORT: String(port),
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    ENCRYPTION_KEYS_OLD: OLD_KEY,
  });
  replica.start();
  await eventually('the replica to be ready', async () => {
    const response = await fetch(`${replicaUrl}/health/ready`).catch(() => null);
    return response?.status === 200 ? true : undefined;
  });
});
afterAll(async () => {
  await replica.end('SIGTERM');
  await system.stop();
  await redis.remove();
});

const statusAt = async (url: string, headers: Record<string, string>) =>
  (await fetch(`${url}/api/auth/me`, { headers })).status;

/** How long it took until the replica refused, in milliseconds. Asks without a pause, as a busy client would. */
async function refusedAfter(headers: Record<string, string>): Promise<number> {
  const began = performance.now();
  await eventually(
    'the replica to refuse',
    async () => ((await statusAt(replicaUrl, headers)) === 401 ? true : undefined),
    {
      everyMs: 5,
      deadlineMs: 10_000,
    },
  );
  return performance.now() - began;
}

async function newKey(): Promise<{ id: string; headers: Record<string, string> }> {
  const { id, key } = await system.nexos.api.post<{ id: string; key: string }>('/auth/api-keys', {
    name: 'a',
  });
  return { id, headers: { authorization: `Bearer ${key}` } };
}

describe('two processes of the API', () => {
  it('both refuse a key within a second after one of them has revoked it', async () => {
    const { id, headers } = await newKey();
    expect(await statusAt(replicaUrl, headers)).toBe(200);
    expect(await statusAt(system.nexos.api.baseUrl, headers)).toBe(200);
    await system.nexos.api.request('DELETE', `/auth/api-keys/${id}`);
    expect(await statusAt(system.nexos.api.baseUrl, headers)).toBe(401);
    expect(await refusedAfter(headers)).toBeLessThan(1_000);
  });

  it('do so without Redis, too', async () => {
    const { id, headers } = await newKey();
    expect(await statusAt(replicaUrl, headers)).toBe(200);
    await redis.goAway();
    try {
      await system.nexos.api.request('DELETE', `/auth/api-keys/${id}`);
      expect(await refusedAfter(headers)).toBeLessThan(1_000);
    } finally {
      await redis.comeBack();
    }
  });

  it('both end a session within a second, and know one that was begun with a key of before', async () => {
    system.github.visitor = testUser();
    const browser = system.browser();
    await browser.signIn();
    const headers = { cookie: `nexos_session=${browser.cookies.get('nexos_session')?.value ?? ''}` };
    expect(await statusAt(replicaUrl, headers)).toBe(200);
    await browser.request('POST', '/api/auth/logout', { origin: browser.baseUrl });
    expect(await refusedAfter(headers)).toBeLessThan(1_000);
  });
});
