import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually, PROMPT_MS } from '../../support/eventually.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT, pushPayload } from '../../support/nexos/webhook-sender.js';
import { RedisServer } from '../../support/redis-server.js';
import { TestDatabase } from '../../support/database.js';
import { append, LogProcess, numbered } from '../logs/log-fixture.js';
import { commit, createProject, problemOf } from './api-fixture.js';

let nexos: NexosStack;
let redis: RedisServer;
beforeAll(async () => {
  redis = await RedisServer.start(inject('system'));
  nexos = await NexosStack.start(inject('system'), {
    apps: ['api', 'integrations'],
    env: { REDIS_URL: redis.url },
  });
});
afterAll(async () => {
  await nexos.stop();
  await redis.remove();
});

describe('the API without Redis', () => {
  it('accepts pushes, keeps their jobs, stays ready, and processes them once Redis is back', async () => {
    const { id, repository } = await createProject(nexos);
    await nexos.webhooks.push({ repository, branch: 'before', before: NO_COMMIT, after: commit(9) });
    await eventually('the outbox to be empty', async () =>
      (await nexos.column('SELECT id FROM outbox')).length === 0 ? true : undefined,
    );
    await redis.stop();
    const began = Date.now();
    for (let number = 1; number <= 5; number++) {
      const branch = `b${number}`;
      const push = pushPayload({ repository, branch, before: NO_COMMIT, after: commit(number) });
      const delivery = { id: branch };
      expect(await nexos.webhooks.receive('push', push, delivery)).toMatchObject({ outcome: 'accepted' });
    }
    const environment = await nexos.api.waitForEnvironment(id, 'before');
    await nexos.api.post(`/environments/${environment.id}/destroy`);
    expect(Date.now() - began).toBeLessThan(PROMPT_MS);
    expect(await nexos.column(`SELECT name FROM outbox WHERE queue <> 'notify'`)).toHaveLength(6);
    const ready = await fetch(`${nexos.api.baseUrl}/health/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      status: 'ok',
      checks: { postgres: 'ok', redis: 'unavailable' },
    });

    await redis.restart();
    await eventually('the outbox to be empty', async () =>
      (await nexos.column('SELECT id FROM outbox')).length === 0 ? true : undefined,
    );
    for (let number = 1; number <= 5; number++) {
      expect(await nexos.api.waitForDelivery(`b${number}`)).toMatchObject({ outcome: 'deployed' });
    }
    await eventually('a job for each build', async () => {
      // A build that waits for long is queued once more, which is harmless.
      const builds = await redis.withClient(async (client) => {
        const jobs = await client.lrange(`${nexos.instance}:build:wait`, 0, -1);
        return Promise.all(jobs.map((job) => client.hget(`${nexos.instance}:build:${job}`, 'data')));
      });
      return new Set(builds).size === 6 ? true : undefined;
    });
  });

  it('returns 503 for the log of a running build', async () => {
    const { id: projectId, repository } = await createProject(nexos);
    await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
    const { latest_deployment_id: id } = await nexos.api.waitForEnvironment(projectId);
    await nexos.database.query(
      `UPDATE deployments SET status = 'building', attempt = 1, log_writers = 1, lease_until = now() WHERE id = $1`,
      [id],
    );
    await redis.stop();
    try {
      const response = await nexos.api.request('GET', `/deployments/${id ?? ''}/logs`);
      expect(response.status).toBe(503);
      expect((await problemOf(response)).type).toBe('urn:nexos:problem:service-unavailable');
    } finally {
      await redis.restart();
    }
  });
});

describe('the API with a Redis that accepts connections but does not answer', () => {
  it('answers 503 for lines in Redis, keeps streams open, and serves everything else', async () => {
    const { id: projectId, repository } = await createProject(nexos);
    await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
    const environment = await nexos.api.waitForEnvironment(projectId);
    const id = environment.latest_deployment_id ?? '';
    await nexos.database.query(
      `UPDATE deployments SET status = 'building', attempt = 1, lease_until = now() WHERE id = $1`,
      [id],
    );
    await nexos.database.query(
      `UPDATE environments SET status = 'running', live_deployment_id = $2 WHERE id = $1`,
      [environment.id, id],
    );
    const database = await TestDatabase.of(nexos.env.DATABASE_URL ?? '');
    const builder = await LogProcess.boot(database, redis.url, nexos.instance);
    try {
      const writer = await builder.open(id);
      append(writer, numbered(1, 10));
      await builder.readUntil(id, 10);
      const stream = follow(`/deployments/${id}/logs`);
      await eventually('the first lines', () =>
        Promise.resolve(stream.received().includes('line 10"') || undefined),
      );
      await redis.freeze();
      append(writer, numbered(11, 700));
      for (const path of [`/deployments/${id}/logs?cursor=1-10`, `/environments/${environment.id}/logs`]) {
        const began = Date.now();
        const response = await nexos.api.request('GET', path);
        expect(response.status).toBe(503);
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
        expect((await problemOf(response)).detail).toMatch(/^The latest lines of the log cannot be read/);
        expect(Date.now() - began).toBeLessThan(PROMPT_MS);
      }
      const began = Date.now();
      expect((await nexos.api.request('GET', '/projects')).status).toBe(200);
      const push = pushPayload({ repository, branch: 'frozen', before: NO_COMMIT, after: commit(2) });
      expect(await nexos.webhooks.receive('push', push)).toMatchObject({ outcome: 'accepted' });
      expect(Date.now() - began).toBeLessThan(PROMPT_MS);
      await eventually('the stream to be told when to retry', () =>
        Promise.resolve(/\n\nretry: \d+\n\n/.test(stream.received()) || undefined),
      );
      await redis.thaw();
      await eventually('the other lines', () =>
        Promise.resolve(stream.received().includes('line 700"') || undefined),
      );
      const texts = [...stream.received().matchAll(/"text":"(.*?)"/g)].map(([, text]) => text);
      expect(texts).toEqual(numbered(1, 700));
      stream.close();
      await builder.finish(writer);
    } finally {
      await redis.thaw();
      await builder.close();
      await database.drop();
    }
  });
});

/** Follows a log; `received` returns the text of the stream so far. */
function follow(path: string) {
  const closing = new AbortController();
  let text = '';
  const headers = { authorization: nexos.api.authorization, accept: 'text/event-stream' };
  const reading = fetch(`${nexos.api.baseUrl}/api${path}`, { headers, signal: closing.signal }).then(
    async ({ body }) => {
      const decoder = new TextDecoder();
      for await (const chunk of body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
    },
  );
  reading.catch(() => undefined);
  return { received: () => text, close: () => closing.abort() };
}
