import { runtimeLogName } from '@nexos/contracts';
import { RuntimeLog } from '@nexos/logs';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { LogEvent } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { ISO, anotherAccount, commit, createProject, problemOf, refusedFields } from './api-fixture.js';

const TOKEN = 'a collector';

let nexos: SharedApi;
let redis: Redis;
let log: RuntimeLog;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  redis = new Redis(nexos.env.REDIS_URL ?? '');
  log = new RuntimeLog(redis, nexos.instance);
});
afterAll(async () => {
  await redis.quit();
  await nexos.leave();
});

let id: string;
let live: string;
beforeEach(async () => {
  ({ id, live } = await environmentOf());
});
async function environmentOf() {
  const { id: project, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  const environment = await nexos.api.waitForEnvironment(project);
  return { id: environment.id, live: environment.latest_deployment_id ?? '' };
}
/** Queues another version of the environment, and returns its id. */
async function nextVersion(): Promise<string> {
  const { status } = await nexos.api.request('POST', `/environments/${id}/rebuild`);
  expect(status).toBe(202);
  const { latest_deployment_id: latest } = await nexos.api.get<{ latest_deployment_id: string }>(
    `/environments/${id}`,
  );
  expect(latest).not.toBe(live);
  return latest;
}
const goLive = () =>
  nexos.database.query(`UPDATE environments SET status = 'running', live_deployment_id = $2 WHERE id = $1`, [
    id,
    live,
  ]);

interface Page {
  status: string;
  lines: { cursor: string; text: string }[];
  next_cursor: string | null;
}
const path = (query = '') => `/environments/${id}/logs${query}`;
const page = (query = '') => nexos.api.get<Page>(path(query));
const cursor = (n: number) => `${1_764_154_871_675_449_000n + BigInt(n)}-0-${live}`;

/** Claims the log and appends numbered lines, as a collector does. */
async function collect(from: number, to: number, name = live): Promise<void> {
  const followed = { log: name, environmentId: id };
  await log.claim(name, TOKEN);
  const lines = Array.from({ length: to - from + 1 }, (_, i) => ({
    nanoseconds: cursor(from + i).split('-')[0] ?? '',
    ordinal: 0,
    stream: 'stdout' as const,
    text: `line ${from + i}`,
  }));
  expect(await log.append(followed, TOKEN, lines)).toBe(true);
  expect(await log.renew(followed, TOKEN, 'following')).toBe(true);
}
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);
const textsOf = ({ lines }: Page) => lines.map(({ text }) => text);

describe('a runtime log as JSON', () => {
  it('is empty and has a next cursor while nothing is live', async () => {
    expect(await page()).toMatchObject({ lines: [], next_cursor: '0-0' });
    expect(await page('?cursor=0-0')).toMatchObject({ lines: [], next_cursor: '0-0' });
  });

  it('has its last lines, and continues after any of them without gaps or repeats', async () => {
    await goLive();
    await collect(1, 150);
    const first = await page();
    expect(textsOf(first)).toEqual(numbered(51, 150));
    expect(first.lines[0]).toEqual({
      cursor: cursor(51),
      time: ISO,
      stream: 'stdout',
      text: 'line 51',
      deployment_id: live,
    });
    expect(textsOf(await page('?tail=2'))).toEqual(numbered(149, 150));
    await collect(151, 160);
    expect(textsOf(await page(`?cursor=${first.next_cursor ?? ''}`))).toEqual(numbered(151, 160));
    expect(textsOf(await page(`?cursor=${cursor(7)}`))).toEqual(numbered(8, 160));
    expect(textsOf(await page('?cursor=0-0'))).toEqual(numbered(1, 160));
    expect(textsOf(await page('?since=2030-01-01T00:00:00Z'))).toEqual([]);
    expect(textsOf(await page('?since=1960-01-01T00:00:00Z&tail=3'))).toEqual(numbered(158, 160));
  });

  it('is that of the container that is asked for', async () => {
    await nexos.database.query(
      `UPDATE deployments SET spec = spec || '{"containers": [{"name": "worker"}]}' WHERE id = $1`,
      [live],
    );
    await goLive();
    await collect(1, 3);
    await collect(4, 5, runtimeLogName({ deploymentId: live, container: 'worker' }));
    expect(textsOf(await page())).toEqual(numbered(1, 3));
    expect(textsOf(await page('?container=app'))).toEqual(numbered(1, 3));
    expect(textsOf(await page('?container=worker'))).toEqual(numbered(4, 5));
    expect(textsOf(await page(`?container=worker&cursor=${cursor(4)}`))).toEqual(numbered(5, 5));
    const unknown = await nexos.api.request('GET', path('?container=api'));
    expect((await problemOf(unknown)).errors).toEqual([
      {
        field: 'container',
        message:
          'must be a container of the live version: app, worker; deployment_id chooses another version',
      },
    ]);
  });

  it('is that of an earlier version if its deployment is named, also of a container that the live version lacks', async () => {
    await goLive();
    const earlier = live;
    await nexos.database.query(
      `UPDATE deployments SET spec = spec || '{"containers": [{"name": "worker"}]}' WHERE id = $1`,
      [earlier],
    );
    await collect(1, 3);
    await collect(4, 5, runtimeLogName({ deploymentId: earlier, container: 'worker' }));
    live = await nextVersion();
    await goLive();
    await collect(7, 8);
    const of = `deployment_id=${earlier}`;
    expect(textsOf(await page())).toEqual(numbered(7, 8));
    expect(textsOf(await page(`?${of}`))).toEqual(numbered(1, 3));
    expect(textsOf(await page(`?${of}&container=worker&tail=1`))).toEqual(numbered(5, 5));
    const { next_cursor: next } = await page(`?${of}&tail=1`);
    expect(textsOf(await page(`?${of}&cursor=${next ?? ''}`))).toEqual([]);
    for (const query of [`${of}&container=api`, `${of}&cursor=${cursor(7)}`, `deployment_id=${commit(1)}`]) {
      expect((await nexos.api.request('GET', path(`?${query}`))).status).toBe(400);
    }
    const other = await environmentOf();
    const foreign = await nexos.api.request('GET', path(`?deployment_id=${other.live}`));
    expect(await refusedFields(foreign)).toEqual(['deployment_id']);
  });

  it('says so when a reader is too late for lines', async () => {
    await goLive();
    for (let from = 1; from <= 2_500; from += 500) await collect(from, from + 499);
    const { lines } = await page(`?cursor=${cursor(3)}`);
    expect(lines[0]).toMatchObject({ stream: 'system', cursor: cursor(3) });
    expect(lines[1]).toMatchObject({ text: 'line 501' });
  });

  it('shows no lines, and says why, when secrets cannot be redacted', async () => {
    await goLive();
    await collect(1, 3);
    await log.renew({ log: live, environmentId: id }, TOKEN, 'sealed');
    const { lines } = await page();
    expect(lines).toMatchObject([{ stream: 'system', text: expect.stringContaining('decrypted') as string }]);
  });

  it('is a 503 within seconds while no worker collects it, even as a stream', async () => {
    await goLive();
    for (const accept of ['application/json', 'text/event-stream']) {
      const response = await nexos.api.request('GET', path(), undefined, { accept });
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await problemOf(response)).detail).toContain('no worker');
    }
    expect(await log.requested()).toContain(live);
  }, 30_000);

  it.each([
    ['tail=0', 'tail'],
    ['tail=1001', 'tail'],
    ['tail=x', 'tail'],
    ['since=yesterday', 'since'],
    ['since=2026-04-10', 'since'],
    ['since=2026-04-10T12:00:60Z', 'since'],
    ['since=9999-01-01T00:00:00Z', 'since'],
    ['cursor=1-1', 'cursor'],
    ['cursor=', 'cursor'],
    ['cursor=0-0&tail=1', 'tail'],
    ['cursor=0-0&since=2026-04-10T12:00:00Z', 'since'],
    ['follow=1', 'follow'],
    ['container=No%20Name', 'container'],
    ['container=', 'container'],
  ])('rejects ?%s', async (query, field) => {
    expect(await refusedFields(await nexos.api.request('GET', path(`?${query}`)))).toEqual([field]);
  });

  it('rejects the cursor of another environment, and is not found by another account', async () => {
    const other = await environmentOf();
    const response = await nexos.api.request('GET', path(`?cursor=1-0-${other.live}`));
    expect(await refusedFields(response)).toEqual(['cursor']);
    const { api } = await anotherAccount(nexos, 'stranger');
    expect((await api.request('GET', path())).status).toBe(404);
  });
});

describe('a runtime log as a stream', () => {
  it('sends the history after the last id, then new lines, then the end', async () => {
    await goLive();
    await collect(1, 450);
    const seen: LogEvent[] = [];
    const following = (async () => {
      for await (const event of nexos.api.follow(id, cursor(100), 'environments')) seen.push(event);
    })();
    const until = (count: number) =>
      eventually(`${count} lines`, () => Promise.resolve(seen.length >= count || undefined));
    await until(350);
    await collect(451, 460);
    await until(360);
    await nexos.database.query(
      `UPDATE environments SET status = 'destroyed', live_deployment_id = NULL, destroyed_at = now() WHERE id = $1`,
      [id],
    );
    await following;
    expect(seen.slice(0, -1).map(({ data }) => data.text)).toEqual(numbered(101, 460));
    expect(seen[0]?.id).toBe(cursor(101));
    expect(seen.at(-1)).toEqual({ id: undefined, event: 'end', data: { status: 'destroyed' } });
  });
});
