import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { newId } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';

const OPERATOR_NAME = 'whatever a browser asks for';

/** Costs about 3 s. */
describe('the board of queues', () => {
  let nexos: SharedApi;
  let redis: Redis;
  let queue: Queue;
  let key: string;

  beforeAll(async () => {
    nexos = await SharedApi.enter();
    redis = new Redis(nexos.env.REDIS_URL ?? '', { maxRetriesPerRequest: null });
    queue = new Queue('lifecycle', { connection: redis, prefix: nexos.env.REDIS_PREFIX ?? '' });
    key = nexos.api.authorization.replace('Bearer ', '');
  });
  beforeEach(async () => {
    await queue.obliterate({ force: true });
  });
  afterAll(async () => {
    await queue.resume();
    await queue.close();
    redis.disconnect();
    await nexos.leave();
  });

  const basic = (password: string) =>
    `Basic ${Buffer.from(`${OPERATOR_NAME}:${password}`).toString('base64')}`;
  const open = (path: string, init: RequestInit & { password?: string } = {}) => {
    const { password = key, ...rest } = init;
    const headers = { authorization: basic(password), ...(rest.headers as Record<string, string>) };
    return fetch(`${nexos.api.baseUrl}/ops/queues${path}`, { ...rest, headers });
  };
  const change = (path: string, origin = new URL(nexos.env.PUBLIC_API_URL ?? '').origin) =>
    open(`/api/queues/${path}`, { method: 'PUT', headers: origin === '' ? {} : { origin } });
  const lines = async () =>
    (
      await nexos.rows<{ line: string }>(
        `SELECT action || ' ' || subject AS line FROM audit_log WHERE action LIKE 'queue.%' ORDER BY seq`,
      )
    ).map(({ line }) => line);

  /** Adds a job that failed. */
  async function addFailed(): Promise<string> {
    const { id = '' } = await queue.add('reconcile-environment', { environmentId: newId('environment') });
    await redis.lrem(`${queue.qualifiedName}:wait`, 0, id);
    await redis.zadd(`${queue.qualifiedName}:failed`, Date.now(), id);
    return id;
  }

  it('asks a browser for a password, and takes an API key of an operator', async () => {
    const anonymous = await fetch(`${nexos.api.baseUrl}/ops/queues`);
    expect(anonymous.status).toBe(401);
    expect(anonymous.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    expect((await open('', { password: `${key}x` })).status).toBe(401);
    const page = await open('');
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('<base href="/ops/queues/"');
    expect(html).not.toContain('https:');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe-eval');
    for (const [, path = ''] of html.matchAll(/(?:src|href)="(static\/[^"]+)"/g)) {
      const file = await open(`/${path}`);
      expect(file.status, path).toBe(200);
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect((await open('/queue/lifecycle')).status).toBe(200);
    for (const path of [
      '/static/../index.ejs',
      '/static/js/nothing.js',
      '/api/nothing',
      '/static/%2e%2e/index.ejs',
    ]) {
      expect((await open(path)).status, path).toBe(404);
    }
  });

  it('does not exist for others, and needs the scope admin', async () => {
    const reader = await nexos.api.post<{ key: string }>('/auth/api-keys', {
      name: 'reader',
      scopes: ['read'],
    });
    expect((await open('/api/queues', { password: reader.key })).status).toBe(403);
    await nexos.rows('UPDATE accounts SET is_operator = false');
    try {
      expect((await open('/api/queues')).status).toBe(404);
      expect((await change('lifecycle/pause')).status).toBe(404);
    } finally {
      await nexos.rows('UPDATE accounts SET is_operator = true');
    }
  });

  it('lists all queues with their jobs', async () => {
    const id = await addFailed();
    const response = await open('/api/queues?activeQueue=lifecycle&status=failed&page=1&jobsPerPage=10');
    const { queues } = (await response.json()) as {
      queues: { name: string; counts: { failed: number }; jobs: { id: string }[] }[];
    };
    expect(queues.map(({ name }) => name).sort()).toEqual([
      ...['branches', 'build', 'deliveries', 'lifecycle', 'notify', 'quota'],
    ]);
    const lifecycle = queues.find(({ name }) => name === 'lifecycle');
    expect(lifecycle).toMatchObject({ counts: { failed: 1 }, jobs: [{ id }] });
  });

  it('retries and discards jobs, pauses and resumes queues, and writes each to the audit log', async () => {
    const first = await addFailed();
    expect((await change(`lifecycle/${first}/retry`)).status).toBeLessThan(300);
    expect(await queue.getFailedCount()).toBe(0);
    const second = await addFailed();
    expect((await change(`lifecycle/${second}/clean`)).status).toBeLessThan(300);
    expect(await queue.getJob(second)).toBeUndefined();
    expect((await change('lifecycle/pause')).status).toBe(200);
    expect(await queue.isPaused()).toBe(true);
    expect((await change('lifecycle/resume')).status).toBe(200);
    expect(await queue.isPaused()).toBe(false);
    expect(await lines()).toEqual([
      `queue.retry lifecycle/${first}`,
      `queue.discard lifecycle/${second}`,
      'queue.pause lifecycle',
      'queue.resume lifecycle',
    ]);
  });

  it('refuses changes that another site began, and those without an origin', async () => {
    const before = await lines();
    for (const origin of ['https://attacker.example', 'null', '']) {
      expect((await change('lifecycle/pause', origin)).status, origin).toBe(403);
    }
    expect(await queue.isPaused()).toBe(false);
    expect(await lines()).toEqual(before);
  });

  it('makes no change that could break jobs, and writes no line for what it refuses', async () => {
    const id = await addFailed();
    const before = await lines();
    for (const path of ['lifecycle/obliterate', 'lifecycle/concurrency', 'lifecycle/rate-limit']) {
      expect((await change(path)).status, path).toBe(403);
    }
    const origin = new URL(nexos.env.PUBLIC_API_URL ?? '').origin;
    for (const [method, path] of [
      ['POST', 'lifecycle/add'],
      ['PATCH', `lifecycle/${id}/update-data`],
    ]) {
      const headers = { origin, 'content-type': 'application/json' };
      const init = { method: method ?? '', headers, body: '{"data":{}}' };
      expect([404, 405]).toContain((await open(`/api/queues/${path ?? ''}`, init)).status);
    }
    expect((await change('lifecycle/nothing/retry')).status).toBe(404);
    expect((await change('nothing/pause')).status).toBe(404);
    expect(await lines()).toEqual(before);
    expect(await queue.getFailedCount()).toBe(1);
  });
});
