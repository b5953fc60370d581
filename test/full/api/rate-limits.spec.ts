import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { anyPort } from '../../support/any-port.js';
import { eventually } from '../../support/eventually.js';
import { ApiClient } from '../../support/nexos/api-client.js';
import type { AppProcess } from '../../support/nexos/app-process.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { RedisServer } from '../../support/redis-server.js';
import { anotherAccount, problemOf } from '../../integration/api/api-fixture.js';

const LIMIT = 40;
let nexos: NexosStack;
let redis: RedisServer;
let other: AppProcess;
let otherUrl: string;
beforeAll(async () => {
  redis = await RedisServer.start(inject('system'));
  nexos = await NexosStack.start(inject('system'), {
    apps: ['api'],
    env: { REDIS_URL: redis.url, RATE_LIMIT_PER_MINUTE: String(LIMIT) },
  });
  const port = await anyPort();
  otherUrl = `http://127.0.0.1:${port}`;
  other = nexos.secondProcess('api', { PORT: String(port) });
  other.start();
  await eventually('the other process', async () =>
    (await fetch(`${otherUrl}/health/ready`).catch(() => null))?.status === 200 ? true : undefined,
  );
});
afterAll(async () => {
  await other.stop('SIGTERM');
  await nexos.stop();
  await redis.remove();
});

let accounts = 0;
/** Creates a new caller, with a client for each process. */
async function aCaller(): Promise<{ here: ApiClient; there: ApiClient }> {
  const { key } = await anotherAccount(nexos, `caller ${++accounts}`);
  return { here: new ApiClient(nexos.api.baseUrl, key), there: new ApiClient(otherUrl, key) };
}
const call = (api: ApiClient) => api.request('GET', '/projects');
async function callTimes(api: ApiClient, times: number): Promise<Response[]> {
  const responses: Response[] = [];
  for (let time = 0; time < times; time++) responses.push(await call(api));
  return responses;
}
const limitsIn = ({ headers }: Response) =>
  ['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`ratelimit-${name}`) ?? NaN));
const statuses = (responses: Response[]) => responses.map(({ status }) => status);
const withStatus = (responses: Response[], status: number) =>
  responses.filter((response) => response.status === status).length;

describe('a response', () => {
  it('reports how many requests are left, and when the limit resets', async () => {
    const { here } = await aCaller();
    const [one, two] = (await callTimes(here, 2)).map(limitsIn);
    expect(one).toEqual([LIMIT, LIMIT - 1, expect.any(Number)]);
    expect(two?.[1]).toBe(LIMIT - 2);
    expect(one?.[2]).toBeGreaterThan(50);
    expect(one?.[2]).toBeLessThanOrEqual(60);
  });

  it('reports the limit even if it is an error', async () => {
    const { here } = await aCaller();
    const response = await here.request('POST', '/projects', {});
    expect(response.status).toBe(400);
    expect(limitsIn(response)[1]).toBe(LIMIT - 1);
  });

  it('reports no limit to unauthenticated callers', async () => {
    for (const path of ['/api/projects', '/health/live', '/metrics', '/api/nothing']) {
      const { headers } = await fetch(`${nexos.api.baseUrl}${path}`);
      expect(headers.get('ratelimit-limit')).toBeNull();
    }
  });
});

describe('a caller', () => {
  it('gets a 429 with a Retry-After beyond the limit', async () => {
    const { here } = await aCaller();
    const responses = await callTimes(here, LIMIT + 5);
    expect(statuses(responses)).toEqual([...Array<number>(LIMIT).fill(200), ...Array<number>(5).fill(429)]);
    const refused = await call(here);
    expect(limitsIn(refused).slice(0, 2)).toEqual([LIMIT, 0]);
    expect(refused.headers.get('retry-after')).toBe(refused.headers.get('ratelimit-reset'));
    expect((await problemOf(refused)).type).toBe('urn:nexos:problem:too-many-requests');
  });

  it('does not use up the limit of another caller', async () => {
    const [greedy, modest] = [await aCaller(), await aCaller()];
    await callTimes(greedy.here, LIMIT + 1);
    expect(limitsIn(await call(modest.here))[1]).toBe(LIMIT - 1);
  });
});

/** Calls a process until it counts this many calls to the other one; returns the number of calls it took. */
async function callUntilItCounts(others: number, api: ApiClient): Promise<number> {
  let own = 0;
  await eventually(
    `a process to count ${others} calls to the other one`,
    async () => {
      const [, remaining = LIMIT] = limitsIn(await call(api));
      own++;
      return remaining === LIMIT - own - others ? true : undefined;
    },
    { deadlineMs: 10_000 },
  );
  return own;
}

describe('a limit across two processes', () => {
  it('counts the calls to both processes', async () => {
    const { here, there } = await aCaller();
    await callTimes(here, LIMIT / 2);
    const own = await callUntilItCounts(LIMIT / 2, there);
    expect(withStatus(await callTimes(there, LIMIT), 200)).toBe(LIMIT / 2 - own);
    const allowed: number[] = [];
    await eventually('this process to count them', async () => {
      const { status } = await call(here);
      if (status === 429) return true;
      allowed.push(status);
      return undefined;
    });
    expect(allowed.length).toBeLessThan(LIMIT / 2);
  });

  it('allows at most twice the limit until the processes synchronize', async () => {
    const { here, there } = await aCaller();
    const all = await Promise.all([callTimes(here, LIMIT * 2), callTimes(there, LIMIT * 2)]);
    const allowed = withStatus(all.flat(), 200);
    expect(allowed).toBeGreaterThanOrEqual(LIMIT);
    expect(allowed).toBeLessThanOrEqual(LIMIT * 2);
  });
});

describe('a limit during a Redis outage', () => {
  it('counts calls per process: nobody is rejected early, and nobody is unlimited', async () => {
    const { here, there } = await aCaller();
    await redis.stop();
    try {
      for (const api of [here, there]) {
        const responses = await callTimes(api, LIMIT + 3);
        expect(withStatus(responses, 200)).toBe(LIMIT);
        expect(withStatus(responses, 429)).toBe(3);
      }
    } finally {
      await redis.restart();
    }
  });

  it('counts the calls of the outage in the other process too, once Redis is back', async () => {
    const { here, there } = await aCaller();
    await redis.stop();
    try {
      await callTimes(here, 10);
    } finally {
      await redis.restart();
    }
    await callUntilItCounts(10, there);
  });

  it('is shared again once Redis is back, even without its data', async () => {
    const { here, there } = await aCaller();
    await redis.wipe();
    await callTimes(here, 10);
    await callUntilItCounts(10, there);
  });
});
