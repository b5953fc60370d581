import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { Deployment } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { RedisServer } from '../../support/redis-server.js';
import {
  anotherAccount,
  commit,
  createProject,
  problemOf,
  refusedFields,
} from '../../integration/api/api-fixture.js';

let nexos: NexosStack;
let server: RedisServer;
let redis: Redis;
beforeAll(async () => {
  server = await RedisServer.start(inject('system'));
  nexos = await NexosStack.start(inject('system'), {
    apps: ['api', 'integrations'],
    env: { REDIS_URL: server.url },
  });
  redis = new Redis(server.url);
  // Failed commands reject as well.
  redis.on('error', () => undefined);
});
afterAll(async () => {
  redis.disconnect();
  await nexos.stop();
  await server.remove();
});

async function aDeployment(): Promise<string> {
  const { id: projectId, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  return (await nexos.api.waitForEnvironment(projectId)).latest_deployment_id ?? '';
}
let id: string;
beforeEach(async () => {
  id = await aDeployment();
});

const setStatus = (status: string, ids = [id]) =>
  nexos.database.query('UPDATE deployments SET status = $2 WHERE id = ANY($1)', [ids, status]);
const channel = () => `${nexos.instance}:log-woken:${id}`;
const listeners = async () => Number((await redis.pubsub('NUMSUB', channel()))[1]);
const untilListeners = (count: number) =>
  eventually(`${count} listeners`, async () => ((await listeners()) === count ? true : undefined));
async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const began = performance.now();
  const result = await work;
  return { result, ms: performance.now() - began };
}
const wait = (seconds: number, deployment = id) =>
  nexos.api.get<Deployment>(`/deployments/${deployment}?wait=${seconds}`);

describe('waiting for a deployment', () => {
  it('ends as soon as a status change is published', async () => {
    const waiting = wait(30);
    await untilListeners(1);
    await setStatus('building');
    await redis.publish(channel(), 'status');
    const { result, ms } = await timed(waiting);
    expect(result.status).toBe('building');
    expect(ms).toBeLessThan(900);
    await untilListeners(0);
  });

  it('ends soon after a status change that is not published', async () => {
    const waiting = wait(30);
    await untilListeners(1);
    await setStatus('deploying');
    const { result, ms } = await timed(waiting);
    expect(result.status).toBe('deploying');
    expect(ms).toBeLessThan(3_000);
  });

  it('continues while only the log grows', async () => {
    const waiting = wait(2);
    await untilListeners(1);
    for (let line = 0; line < 20; line++) await redis.publish(channel(), 'lines');
    const { result, ms } = await timed(waiting);
    expect(result.status).toBe('queued');
    expect(ms).toBeGreaterThan(1_000);
  });

  it('ends with the current state when the time is over', async () => {
    const { result, ms } = await timed(wait(1));
    expect(result).toMatchObject({ id, status: 'queued' });
    expect(ms).toBeGreaterThan(990);
    expect(ms).toBeLessThan(4_000);
    await untilListeners(0);
  });

  it('returns at once for 0 seconds, and for a deployment that has ended', async () => {
    expect((await timed(wait(0))).ms).toBeLessThan(1_000);
    await setStatus('superseded');
    const { result, ms } = await timed(wait(30));
    expect(result.status).toBe('superseded');
    expect(ms).toBeLessThan(1_000);
  });

  it.each(['61', '-1', '1.5', 'x', '1e9', 'Infinity', '1&wait=2', '%00'])(
    'is rejected for %s seconds',
    async (seconds) => {
      const response = await nexos.api.request('GET', `/deployments/${id}?wait=${seconds}`);
      expect(await refusedFields(response)).toEqual(['wait']);
    },
  );

  it("returns a 404 at once for another account's deployment", async () => {
    const { api } = await anotherAccount(nexos);
    const { result, ms } = await timed(api.request('GET', `/deployments/${id}?wait=30`));
    expect(result.status).toBe(404);
    expect(ms).toBeLessThan(2_000);
  });

  it('returns 304 when nothing changed, and the change otherwise', async () => {
    const etag = (await nexos.api.request('GET', `/deployments/${id}`)).headers.get('etag') ?? '';
    const poll = (seconds: number) =>
      nexos.api.request('GET', `/deployments/${id}?wait=${seconds}`, undefined, { 'if-none-match': etag });
    expect((await poll(1)).status).toBe(304);
    const waiting = poll(30);
    await untilListeners(1);
    await setStatus('building');
    expect((await waiting).status).toBe(200);
  });

  it('stops when the client disconnects', async () => {
    const gone = new AbortController();
    const waiting = fetch(`${nexos.api.baseUrl}/api/deployments/${id}?wait=60`, {
      headers: { authorization: nexos.api.authorization },
      signal: gone.signal,
    }).catch(() => undefined);
    await untilListeners(1);
    gone.abort();
    await waiting;
    await untilListeners(0);
  });

  it.each([
    ['is revoked', 'revoked_at'],
    ['expires', 'expires_at'],
  ])('ends with a 401 within seconds when its API key %s', async (_, column) => {
    const key = await nexos.api.post<{ id: string; key: string }>('/auth/api-keys', {
      name: 'waiting client',
    });
    const waiting = fetch(`${nexos.api.baseUrl}/api/deployments/${id}?wait=60`, {
      headers: { authorization: `Bearer ${key.key}` },
    });
    await untilListeners(1);
    // As another API process would.
    await nexos.database.query(`UPDATE api_keys SET ${column} = now() WHERE id = $1`, [key.id]);
    const { result, ms } = await timed(waiting);
    expect(ms).toBeLessThan(2_000);
    expect(result.status).toBe(401);
    expect(result.headers.get('www-authenticate')).toContain('Bearer');
    expect((await problemOf(result)).type).toBe('urn:nexos:problem:unauthenticated');
    await untilListeners(0);
  });

  it('works while Redis is unreachable', async () => {
    await server.stop();
    try {
      const result = await changeUntilAnswered(wait(60));
      expect(result.status).not.toBe('queued');
    } finally {
      await server.restart();
    }
  });
});

describe('many waiting requests', () => {
  it('answers all requests for one deployment with few queries', async () => {
    const before = await queriesSoFar();
    const waiting = Array.from({ length: 200 }, () => wait(60));
    await eventually('all requests to have arrived', async () =>
      (await queriesSoFar()) >= before + 400 ? true : undefined,
    );
    let queries = await queriesSoFar();
    await eventually(
      'a second with few queries',
      async () => {
        const last = queries;
        queries = await queriesSoFar();
        return queries - last < 20 ? true : undefined;
      },
      { everyMs: 1_000, deadlineMs: 20_000 },
    );
    const all = await changeUntilAnswered(Promise.all(waiting));
    expect(all.filter(({ status }) => status === 'queued')).toEqual([]);
    await untilListeners(0);
  });

  it('answers each request with its own deployment', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, aDeployment));
    const waiting = ids.map((one) => wait(30, one));
    const still = wait(4);
    await untilListeners(1);
    await setStatus('building', ids);
    const all = await Promise.all(waiting);
    expect(all.map((one) => [one.id, one.status])).toEqual(ids.map((one) => [one, 'building']));
    expect((await still).status).toBe('queued');
  });

  it('rejects too many requests of one account with a 503 and a Retry-After', async () => {
    const gone = new AbortController();
    const all = Array.from({ length: 520 }, () =>
      fetch(`${nexos.api.baseUrl}/api/deployments/${id}?wait=60`, {
        headers: { authorization: nexos.api.authorization },
        signal: gone.signal,
      }),
    );
    const refused = await Promise.any(
      all.map(async (one) => {
        const response = await one;
        if (response.status !== 503) throw new Error(`answered ${response.status}`);
        return response;
      }),
    );
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    gone.abort();
    await Promise.allSettled(all);
    await untilListeners(0);
  });

  it('answers all requests at once when the process shuts down', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, aDeployment));
    const waiting = ids.map((one) => wait(60, one));
    await eventually('a listener for each of them', async () => {
      const channels = await redis.pubsub('CHANNELS', `${nexos.instance}:log-woken:*`);
      return channels.length === ids.length ? true : undefined;
    });
    const ended = nexos.app('api').stop('SIGTERM');
    const { result, ms } = await timed(Promise.all(waiting));
    expect(result.map((one) => [one.id, one.status])).toEqual(ids.map((one) => [one, 'queued']));
    expect(ms).toBeLessThan(5_000);
    await ended;
    nexos.app('api').start();
    await nexos.ready();
  });
});

/** Changes the status until all are answered, well before their timeout, as nothing shows when a request waits. */
async function changeUntilAnswered<T>(waiting: Promise<T>): Promise<T> {
  let answer: { value: T } | undefined;
  const answered = waiting.then((value) => (answer = { value }));
  let turn = 0;
  await eventually(
    'the responses',
    async () => {
      if (answer !== undefined) return true;
      await setStatus(turn++ % 2 === 0 ? 'building' : 'deploying');
      return undefined;
    },
    { everyMs: 700, deadlineMs: 30_000 },
  );
  return (await answered).value;
}

/** Returns the number of transactions so far, as Postgres counts them. */
async function queriesSoFar(): Promise<number> {
  const [count] = await nexos.column<string>(
    `SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()`,
  );
  return Number(count);
}
