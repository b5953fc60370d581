import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { RedisServer } from '../../support/redis-server.js';
import { ApiClient } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { anotherAccount, problemOf } from '../../integration/api/api-fixture.js';

const LIMIT = 5;

let redis: RedisServer;
let nexos: NexosStack;
beforeAll(async () => {
  redis = await RedisServer.start(inject('system'));
  nexos = await NexosStack.start(inject('system'), {
    apps: ['api'],
    env: { REDIS_URL: redis.url, AUTH_FAILURES_PER_MINUTE: String(LIMIT), TRUSTED_PROXIES: '127.0.0.1,::1' },
  });
});
afterAll(async () => {
  await nexos.stop();
  await redis.remove();
});

const wrongKey = () => `nxs_${randomBytes(8).toString('hex')}_${randomBytes(32).toString('base64url')}`;
/** Returns a key with the id of another one, and a wrong secret. */
const guess = (key: string) => key.slice(0, 21) + randomBytes(32).toString('base64url');
/** Sends a request as a client at that address, behind a trusted proxy. */
const from = (address: string, key: string | undefined, headers: Record<string, string> = {}) =>
  fetch(`${nexos.api.baseUrl}/api/auth/me`, {
    headers: {
      'x-forwarded-for': address,
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
  });
async function failUntilBlocked(address: string): Promise<void> {
  for (let attempt = 1; attempt <= LIMIT; attempt++) {
    expect((await from(address, wrongKey())).status, `attempt ${attempt}`).toBe(401);
  }
  expect((await from(address, wrongKey())).status).toBe(429);
}

describe('the limit on failed authentication', () => {
  it('blocks an address after too many failures, and says for how long', async () => {
    await failUntilBlocked('192.0.2.1');
    for (const tried of [wrongKey(), 'x']) {
      const response = await from('192.0.2.1', tried);
      expect(response.status).toBe(429);
      expect((await problemOf(response)).type).toBe('urn:nexos:problem:too-many-requests');
      const wait = Number(response.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(60);
    }
  });

  it('counts failures per address', async () => {
    await failUntilBlocked('192.0.2.2');
    expect((await from('192.0.2.3', wrongKey())).status).toBe(401);
    const { key } = await anotherAccount(nexos, 'elsewhere');
    expect((await from('192.0.2.3', key)).status).toBe(200);
  });

  it('counts the addresses of one IPv6 network together', async () => {
    for (let host = 1; host <= LIMIT; host++) {
      expect((await from(`2001:db8::${host}`, wrongKey())).status).toBe(401);
    }
    expect((await from('2001:db8::ffff', wrongKey())).status).toBe(429);
    expect((await from('2001:db8:0:1::1', wrongKey())).status).toBe(401);
  });

  it('admits right keys from a blocked address, also at their first use and during the attack', async () => {
    const { key } = await anotherAccount(nexos, 'neighbour');
    const { key: unused } = await anotherAccount(nexos, 'new neighbour');
    expect((await from('192.0.2.4', key)).status).toBe(200);
    await failUntilBlocked('192.0.2.4');
    const attack = Array.from({ length: 50 }, () => from('192.0.2.4', wrongKey()));
    expect((await from('192.0.2.4', unused)).status).toBe(200);
    expect((await from('192.0.2.4', key)).status).toBe(200);
    for (const response of await Promise.all(attack)) expect(response.status).toBe(429);
  });

  it('admits right keys at their first use while wrong secrets of a known key come from the address', async () => {
    const { key } = await anotherAccount(nexos, 'attacker');
    const unused: string[] = [];
    for (let n = 0; n < 5; n++) unused.push((await anotherAccount(nexos, `unused ${n}`)).key);
    await failUntilBlocked('192.0.2.8');
    const attack = Array.from({ length: 20 }, async () => {
      const statuses = new Set<number>();
      for (let i = 0; i < 10; i++) statuses.add((await from('192.0.2.8', guess(key))).status);
      return statuses;
    });
    for (const one of unused) expect((await from('192.0.2.8', one)).status).toBe(200);
    for (const statuses of await Promise.all(attack)) expect(statuses).toEqual(new Set([429]));
    expect((await from('192.0.2.8', key)).status).toBe(200);
  });

  it('counts neither valid nor missing credentials', async () => {
    const { key } = await anotherAccount(nexos, 'busy');
    for (let request = 0; request < 3 * LIMIT; request++) {
      expect((await from('192.0.2.5', key)).status).toBe(200);
      expect((await from('192.0.2.5', undefined)).status).toBe(401);
    }
    expect((await from('192.0.2.5', wrongKey())).status).toBe(401);
  });

  it('counts forged sessions', async () => {
    const forged = { cookie: 'nexos_session=a.b.c' };
    for (let attempt = 1; attempt <= LIMIT; attempt++) {
      expect((await from('192.0.2.6', undefined, forged)).status).toBe(401);
    }
    expect((await from('192.0.2.6', undefined, forged)).status).toBe(429);
  });

  it('admits the owner of a key that others guess at', async () => {
    const { key } = await anotherAccount(nexos, 'guessed');
    const guesses = Array.from({ length: 30 }, (_, n) => from(`198.51.100.${n}`, guess(key)));
    expect((await from('198.51.100.200', key)).status).toBe(200);
    for (const { status } of await Promise.all(guesses)) expect(status).toBe(401);
  });

  it('counts failures per process while Redis is unreachable', async () => {
    await redis.stop();
    try {
      await failUntilBlocked('192.0.2.7');
    } finally {
      await redis.restart();
    }
  });
});

describe("a client's address", () => {
  it('is taken from X-Forwarded-For only behind a trusted proxy', async () => {
    const bare = await NexosStack.start(inject('system'), {
      apps: ['api'],
      env: { AUTH_FAILURES_PER_MINUTE: String(LIMIT) },
    });
    try {
      const statuses: number[] = [];
      for (let attempt = 0; attempt <= LIMIT; attempt++) {
        const api = new ApiClient(bare.api.baseUrl, wrongKey());
        const forged = { 'x-forwarded-for': `192.0.2.${attempt}` };
        statuses.push((await api.request('GET', '/auth/me', undefined, forged)).status);
      }
      expect(statuses).toEqual([...Array<number>(LIMIT).fill(401), 429]);
      const warnings = () =>
        readFileSync(`${bare.home}/api.log`, 'utf8').match(/127\.0\.0\.1 sends X-Forwarded-For/g) ?? [];
      const found = await eventually('a warning', () => {
        const seen = warnings();
        return Promise.resolve(seen.length === 0 ? undefined : seen);
      });
      expect(found).toHaveLength(1);
    } finally {
      await bare.stop();
    }
  });
});
