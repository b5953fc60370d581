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
/** A second process of the API, with a newer encryption key than the first. */
let replica: AppProcess;
let replicaUrl: string;
beforeAll(async () => {
  redis = await RedisServer.start(inject('system'));
  system = await startSignIn(inject('system'), { REDIS_URL: redis.url, ENCRYPTION_KEY: OLD_KEY });
  const port = await anyPort();
  replicaUrl = `http://127.0.0.1:${port}`;
  replica = system.nexos.secondProcess('api', {
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
  await replica.stop('SIGTERM');
  await system.stop();
  await redis.remove();
});

const statusAt = async (url: string, headers: Record<string, string>) =>
  (await fetch(`${url}/api/auth/me`, { headers })).status;

/** Returns the milliseconds until the replica rejects; polls without pauses, as a busy client would. */
async function msUntilRejected(headers: Record<string, string>): Promise<number> {
  const began = performance.now();
  await eventually(
    'the replica to reject',
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

describe('revocation across two API processes', () => {
  it('rejects a key on both processes within a second after one of them revoked it', async () => {
    const { id, headers } = await newKey();
    expect(await statusAt(replicaUrl, headers)).toBe(200);
    expect(await statusAt(system.nexos.api.baseUrl, headers)).toBe(200);
    await system.nexos.api.request('DELETE', `/auth/api-keys/${id}`);
    expect(await statusAt(system.nexos.api.baseUrl, headers)).toBe(401);
    expect(await msUntilRejected(headers)).toBeLessThan(1_000);
  });

  it('rejects a revoked key within a second even without Redis', async () => {
    const { id, headers } = await newKey();
    expect(await statusAt(replicaUrl, headers)).toBe(200);
    await redis.stop();
    try {
      await system.nexos.api.request('DELETE', `/auth/api-keys/${id}`);
      expect(await msUntilRejected(headers)).toBeLessThan(1_000);
    } finally {
      await redis.restart();
    }
  });

  it('ends a session on both processes within a second, even one that began with an old encryption key', async () => {
    system.github.visitor = testUser();
    const browser = system.browser();
    await browser.signIn();
    const headers = { cookie: `nexos_session=${browser.cookies.get('nexos_session')?.value ?? ''}` };
    expect(await statusAt(replicaUrl, headers)).toBe(200);
    await browser.request('POST', '/api/auth/logout', { origin: browser.baseUrl });
    expect(await msUntilRejected(headers)).toBeLessThan(1_000);
  });
});
