import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { ApiClient } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { TestDatabase } from '../../support/database.js';
import {
  anotherAccount,
  commit,
  createProject,
  problemOf,
  refusedFields,
} from '../../integration/api/api-fixture.js';

let nexos: NexosStack;
let database: TestDatabase;
let redis: Redis;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), { apps: ['api', 'integrations'] });
  database = await TestDatabase.of(nexos.env.DATABASE_URL ?? '');
  redis = new Redis(nexos.env.REDIS_URL ?? '');
});
afterAll(async () => {
  redis.disconnect();
  await database.drop();
  await nexos.stop();
});

const newKey = () => randomUUID();
const project = (name: string) => ({ name, github_repo: 'acme/app' });
const create = (key: string, body: object, api: ApiClient = nexos.api) =>
  api.request('POST', '/projects', body, { 'idempotency-key': key });
const projectsCalled = (name: string) => nexos.column('SELECT id FROM projects WHERE name = $1', [name]);
const storedUnder = (key: string) =>
  nexos.column<string>('SELECT response FROM idempotency_keys WHERE key = $1', [key]);
const queuedForLifecycle = () => redis.llen(`${nexos.instance}:lifecycle:wait`);
const replayed = (response: Response) => response.headers.get('idempotency-replayed');
const waitingForLocks = (count: number) =>
  eventually(`${count} queries to wait for a lock`, async () => {
    const waiting = await database.rows(`SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`);
    return waiting.length >= count ? true : undefined;
  });

describe('a POST repeated with its idempotency key', () => {
  it('runs once, and gets the same response byte for byte', async () => {
    const key = newKey();
    const first = await create(key, project('once'));
    const again = await create(key, project('once'));
    expect([first.status, again.status]).toEqual([201, 201]);
    expect([replayed(first), replayed(again)]).toEqual([null, 'true']);
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(await again.text()).toBe(await first.text());
    expect(await projectsCalled('once')).toHaveLength(1);
  });

  it('counts as the same request regardless of the order of its fields', async () => {
    const key = newKey();
    await create(key, { name: 'order', github_repo: 'acme/app', port: 1234 });
    const again = await create(key, { port: 1234, github_repo: 'acme/app', name: 'order' });
    expect([again.status, replayed(again)]).toEqual([201, 'true']);
  });

  it('is rejected with another body or query, and changes nothing', async () => {
    const key = newKey();
    await create(key, project('first'));
    const others = [
      await create(key, project('second')),
      await nexos.api.request('POST', '/projects?x=1', project('first'), { 'idempotency-key': key }),
    ];
    for (const response of others) {
      expect(response.status).toBe(422);
      expect((await problemOf(response)).type).toBe('urn:nexos:problem:idempotency-key-reused');
    }
    expect(await projectsCalled('second')).toEqual([]);
  });

  it('runs separately when another account uses the same key', async () => {
    const key = newKey();
    const { api } = await anotherAccount(nexos);
    const ours = (await (await create(key, project('ours'))).json()) as { id: string };
    const theirs = await create(key, project('theirs'), api);
    expect([theirs.status, replayed(theirs)]).toEqual([201, null]);
    expect(((await theirs.json()) as { id: string }).id).not.toBe(ours.id);
  });

  it('gets the same 202 even though its action has progressed', async () => {
    const { id, repository } = await createProject(nexos);
    await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
    const environment = await nexos.api.waitForEnvironment(id);
    const key = newKey();
    const destroy = () =>
      nexos.api.request('POST', `/environments/${environment.id}/destroy`, undefined, {
        'idempotency-key': key,
      });
    const first = await destroy();
    await nexos.database.query(
      `UPDATE environments SET status = 'destroyed', destroyed_at = now() WHERE id = $1`,
      [environment.id],
    );
    const again = await destroy();
    expect([first.status, again.status, replayed(again)]).toEqual([202, 202, 'true']);
    expect(await again.text()).toBe(await first.text());
  });

  it('gets the same response after a restart', async () => {
    const key = newKey();
    const first = await (await create(key, project('restart'))).text();
    const api = nexos.app('api');
    await api.stop('SIGTERM');
    api.start();
    await nexos.ready();
    const again = await create(key, project('restart'));
    expect([await again.text(), replayed(again)]).toEqual([first, 'true']);
  });

  it('enqueues its job once', async () => {
    const { id, repository } = await createProject(nexos);
    await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
    const environment = await nexos.api.waitForEnvironment(id);
    const headers = { 'idempotency-key': newKey() };
    const destroy = () =>
      nexos.api.request('POST', `/environments/${environment.id}/destroy`, undefined, headers);
    const before = await queuedForLifecycle();
    await Promise.all([destroy(), destroy(), destroy()]);
    await eventually('the outbox to be empty', async () =>
      (await nexos.column('SELECT id FROM outbox')).length === 0 ? true : undefined,
    );
    expect(await queuedForLifecycle()).toBe(before + 1);
  });
});

describe('a stored response', () => {
  it('is encrypted in the database', async () => {
    const key = newKey();
    await create(key, project('sealed-words'));
    const [response] = await storedUnder(key);
    expect(response).toMatch(/^v1\./);
    expect(response).not.toContain('sealed-words');
  });

  it('cannot be decrypted under another key', async () => {
    const [key, other] = [newKey(), newKey()];
    await create(key, project('here'));
    await create(other, project('there'));
    await nexos.database.query(
      `UPDATE idempotency_keys SET response = (SELECT response FROM idempotency_keys WHERE key = $1) WHERE key = $2`,
      [key, other],
    );
    const response = await create(other, project('there'));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('proj_');
  });
});

describe('a POST with an idempotency key', () => {
  it('is not stored when it fails, and runs again when repeated', async () => {
    const key = newKey();
    expect(await refusedFields(await create(key, { name: 'x' }))).toEqual(['github_repo']);
    expect(await storedUnder(key)).toEqual([]);
    expect((await create(key, project('fixed'))).status).toBe(201);
  });

  it.each([
    ['is empty', ''],
    ['is too long', 'x'.repeat(256)],
    ['has spaces', 'a b'],
    ['has other characters', 'sch\u00f6n'],
  ])('is rejected, naming the header, when the key %s', async (_, key) => {
    expect(await refusedFields(await create(key, project('never')))).toEqual(['Idempotency-Key']);
    expect(await projectsCalled('never')).toEqual([]);
  });

  it('accepts a key of 255 characters', async () => {
    expect((await create('~'.repeat(255), project('long key'))).status).toBe(201);
  });
});

describe('an idempotency key', () => {
  it('has no effect on a GET', async () => {
    const key = newKey();
    const read = () => nexos.api.request('GET', '/projects', undefined, { 'idempotency-key': key });
    await read();
    await createProject(nexos);
    const again = await read();
    expect([again.status, replayed(again)]).toEqual([200, null]);
    expect(await storedUnder(key)).toEqual([]);
  });

  it('does not replace an API key', async () => {
    const response = await fetch(`${nexos.api.baseUrl}/api/projects`, {
      method: 'POST',
      headers: { 'idempotency-key': newKey() },
    });
    expect(response.status).toBe(401);
  });
});

describe('a key used concurrently', () => {
  it('creates one project from 20 requests', async () => {
    const key = newKey();
    const responses = await Promise.all(Array.from({ length: 20 }, () => create(key, project('twins'))));
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(201));
    expect(new Set(await Promise.all(responses.map((one) => one.text()))).size).toBe(1);
    expect(responses.filter((one) => replayed(one) === null)).toHaveLength(1);
    expect(await projectsCalled('twins')).toHaveLength(1);
  });

  it('leaves database connections free while requests wait', async () => {
    const release = await lockProjects();
    const key = newKey();
    const twins = Array.from({ length: 30 }, () => create(key, project('hold')));
    await waitingForLocks(3);
    expect((await fetch(`${nexos.api.baseUrl}/health/ready`)).status).toBe(200);
    await release();
    const statuses = (await Promise.all(twins)).map(({ status }) => status);
    expect(statuses).toEqual(Array(30).fill(201));
    expect(await projectsCalled('hold')).toHaveLength(1);
  });

  it('times out with a 503 and a Retry-After', async () => {
    const release = await lockProjects();
    try {
      const response = await create(newKey(), project('too long'));
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      await problemOf(response);
    } finally {
      await release();
    }
    expect(await projectsCalled('too long')).toEqual([]);
  });

  it('runs the second request when the first is rolled back', async () => {
    const key = newKey();
    const release = await lockProjects();
    const first = create(key, project('rolled back'));
    await waitingForLocks(1);
    const second = create(key, project('rolled back'));
    await waitingForLocks(2);
    await nexos.database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO "projects"%'`);
    await waitingForLocks(1);
    await release();
    const [one, two] = await Promise.all([first, second]);
    expect([one.status, two.status, replayed(two)]).toEqual([503, 201, null]);
    expect(await projectsCalled('rolled back')).toHaveLength(1);
  });
});

describe('an API process killed during a request', () => {
  it('leaves nothing behind, and runs the request when it is sent again', async () => {
    const key = newKey();
    const release = await lockProjects();
    const broken = create(key, project('killed')).then(
      () => 'answered',
      () => 'broken',
    );
    await waitingForLocks(1);
    const api = nexos.app('api');
    await api.stop('SIGKILL');
    await release();
    expect(await broken).toBe('broken');
    await eventually('the end of its transaction', async () => {
      const open = await database.rows(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
        AND query LIKE 'INSERT INTO "projects"%' AND state = 'active'`);
      return open.length === 0 ? true : undefined;
    });
    expect([await storedUnder(key), await projectsCalled('killed')]).toEqual([[], []]);
    api.start();
    await nexos.ready();
    const again = await create(key, project('killed'));
    expect([again.status, replayed(again)]).toEqual([201, null]);
    expect(await projectsCalled('killed')).toHaveLength(1);
  });
});

/** Blocks writes to the projects until the returned function is called. */
async function lockProjects(): Promise<() => Promise<void>> {
  const runner = database.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query('LOCK TABLE projects IN SHARE MODE');
  return async () => {
    await runner.commitTransaction();
    await runner.release();
  };
}
