import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, PROMPT_MS } from '../../support/eventually.js';
import type { LogEvent, LogLine } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { TestDatabase } from '../../support/database.js';
import { LogProcess, append, numbered } from '../logs/log-fixture.js';
import { ISO, anotherAccount, commit, createProject, refusedFields } from './api-fixture.js';

let nexos: SharedApi;
let database: TestDatabase;
let builder: LogProcess;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  database = await TestDatabase.of(nexos.env.DATABASE_URL ?? '');
  builder = await LogProcess.boot(database, nexos.env.REDIS_URL ?? '', nexos.instance);
});
afterAll(async () => {
  await builder.close();
  await database.drop();
  await nexos.leave();
});

let id: string;
beforeEach(async () => {
  const { id: projectId, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  id = (await nexos.api.waitForEnvironment(projectId)).latest_deployment_id ?? '';
});

interface Page {
  status: string;
  lines: LogLine[];
  next_cursor: string | null;
}
const page = (query = '') => nexos.api.get<Page>(`/deployments/${id}/logs${query}`);
const end = (status = 'cancelled') =>
  nexos.database.query('UPDATE deployments SET status = $2, finished_at = now() WHERE id = $1', [id, status]);
async function written(count: number): Promise<void> {
  const writer = await builder.open(id);
  append(writer, numbered(1, count));
  await builder.finish(writer);
}
async function follow(lastEventId?: string): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const event of nexos.api.follow(id, lastEventId)) events.push(event);
  return events;
}
const textsOf = (events: readonly LogEvent[]) =>
  events.filter(({ event }) => event === 'line').map(({ data }) => data.text);
const watchers = async () => {
  const answer = await builder.redis.pubsub('NUMSUB', `${nexos.instance}:log-woken:${id}`);
  return Number(answer[1]);
};

describe('a log as JSON', () => {
  it('is empty and has a next cursor while its deployment is queued', async () => {
    const pages = await Promise.all(['', '?cursor=', '?cursor=0-0'].map(page));
    expect(pages).toEqual(pages.map(() => ({ status: 'queued', lines: [], next_cursor: '0-0' })));
  });

  it('has its lines with their cursors, and no next page after its end', async () => {
    await written(2);
    await end();
    expect(await page()).toEqual({
      status: 'cancelled',
      lines: [
        { cursor: '1-1', time: ISO, stream: 'stdout', text: 'line 1' },
        { cursor: '1-2', time: ISO, stream: 'stdout', text: 'line 2' },
      ],
      next_cursor: null,
    });
  });

  it('is paged without gaps or repeats, and polling picks up new lines', async () => {
    const writer = await builder.open(id);
    append(writer, numbered(1, 25));
    await builder.readUntil(id, 25);
    const first = await page('?limit=10');
    const second = await page(`?limit=100&cursor=${first.next_cursor ?? ''}`);
    expect(second.next_cursor).toBe('1-25');
    append(writer, numbered(26, 30));
    await builder.finish(writer);
    await end();
    const third = await page(`?limit=5&cursor=${second.next_cursor ?? ''}`);
    const fourth = await page(`?limit=5&cursor=${third.next_cursor ?? ''}`);
    const lines = [first, second, third, fourth].flatMap((one) => one.lines);
    expect(lines.map(({ text }) => text)).toEqual(numbered(1, 30));
    expect(fourth).toMatchObject({ lines: [], next_cursor: null });
  });

  it.each([
    'x',
    '1',
    '1-',
    '-1-1',
    '1-1-1',
    "1-1'",
    '%00',
    '9999999-1',
    '1-9999999999',
    'x'.repeat(50),
    '1-1',
    '0-1',
  ])('rejects the cursor %s', async (cursor) => {
    const response = await nexos.api.request('GET', `/deployments/${id}/logs?cursor=${cursor}`);
    expect(await refusedFields(response)).toEqual(['cursor']);
  });

  it.each(['limit=0', 'limit=5001', 'limit=x', 'follow=1'])('rejects ?%s', async (query) => {
    const response = await nexos.api.request('GET', `/deployments/${id}/logs?${query}`);
    expect(await refusedFields(response)).toEqual([query.split('=')[0]]);
  });
});

describe('a log as a stream', () => {
  it('sends the history, then each new line, then the end', async () => {
    const writer = await builder.open(id);
    append(writer, numbered(1, 10));
    await builder.readUntil(id, 10);
    const seen: LogEvent[] = [];
    const following = (async () => {
      for await (const event of nexos.api.follow(id)) seen.push(event);
    })();
    await eventually('the history', () => Promise.resolve(seen.length === 10 ? true : undefined));
    append(writer, numbered(11, 300));
    await eventually('the new lines', () => Promise.resolve(seen.length === 300 ? true : undefined));
    await nexos.database.query(
      `UPDATE deployments SET status = 'failed', failure_code = 'build_timeout' WHERE id = $1`,
      [id],
    );
    await builder.finish(writer);
    await following;
    expect(textsOf(seen)).toEqual(numbered(1, 300));
    expect(seen[0]).toEqual({
      id: '1-1',
      event: 'line',
      data: { time: ISO, stream: 'stdout', text: 'line 1' },
    });
    expect(seen.at(-1)).toEqual({ id: undefined, event: 'end', data: { status: 'failed' } });
  });

  it('ends when its deployment has ended', async () => {
    await written(450);
    await end();
    const events = await follow();
    expect(textsOf(events)).toEqual(numbered(1, 450));
    expect(events.at(-1)).toMatchObject({ event: 'end', data: { status: 'cancelled' } });
  });

  it('resumes after any line without gaps or repeats', async () => {
    await written(450);
    await end();
    for (const seen of [0, 1, 199, 200, 201, 449, 450]) {
      const events = await follow(seen === 0 ? '0-0' : `1-${seen}`);
      expect(textsOf(events)).toEqual(numbered(seen + 1, 450));
    }
  });

  it('keeps its events intact for any build output', async () => {
    const writer = await builder.open(id);
    const nasty = ['\n\nevent: end\ndata: {}\n\n', 'a\rb', '\u2028\u2029', 'id: 9-9', ''];
    append(writer, nasty);
    await builder.finish(writer);
    await end();
    const events = await follow();
    expect(textsOf(events)).toEqual(nasty);
    expect(events).toHaveLength(nasty.length + 1);
  });

  it('has the headers that proxies and browsers need', async () => {
    await end();
    const response = await nexos.api.request('GET', `/deployments/${id}/logs`, undefined, {
      accept: 'text/event-stream',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('cache-control')).toContain('no-cache');
    expect(response.headers.get('x-request-id')).not.toBeNull();
    await response.body?.cancel();
  });

  it('rejects an invalid Last-Event-ID', async () => {
    for (const lastEventId of ['x', '1-1; DROP TABLE', '9'.repeat(40), '9-99999']) {
      const headers = { accept: 'text/event-stream', 'last-event-id': lastEventId };
      const response = await nexos.api.request('GET', `/deployments/${id}/logs`, undefined, headers);
      expect(await refusedFields(response)).toEqual(['cursor']);
    }
  });

  it('opens at once, even when there are no lines yet', async () => {
    const began = Date.now();
    const response = await nexos.api.request('GET', `/deployments/${id}/logs`, undefined, {
      accept: 'text/event-stream',
    });
    expect(response.status).toBe(200);
    expect(Date.now() - began).toBeLessThan(PROMPT_MS);
    await response.body?.cancel();
  });

  it('is no longer watched when its reader has disconnected', async () => {
    const stop = new AbortController();
    const { key } = await operatorKey();
    const broken = fetch(`${nexos.api.baseUrl}/api/deployments/${id}/logs`, {
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
      signal: stop.signal,
    }).then(
      (response) => response.text(),
      () => undefined,
    );
    await eventually('a watcher', async () => ((await watchers()) === 1 ? true : undefined));
    stop.abort();
    await broken.catch(() => undefined);
    await eventually('no watcher', async () => ((await watchers()) === 0 ? true : undefined), {
      deadlineMs: PROMPT_MS,
    });
  });

  it('is not watched for a reader that disconnected before it began', async () => {
    const { key } = await operatorKey();
    await nexos.api.get('/projects');
    const slow = database.dataSource.createQueryRunner();
    await slow.startTransaction();
    await slow.query('LOCK TABLE deployments IN ACCESS EXCLUSIVE MODE');
    const { port } = new URL(nexos.api.baseUrl);
    const socket = connect({ port: Number(port), host: '127.0.0.1' });
    socket.write(
      `GET /api/deployments/${id}/logs HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\naccept: text/event-stream\r\n\r\n`,
    );
    await eventually('the request to wait for the database', async () => {
      const waiting = await database.rows(`SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      return waiting.length > 0 ? true : undefined;
    });
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
    // When the API has answered this, it has seen the reader disconnect.
    await fetch(`${nexos.api.baseUrl}/health/ready`);
    await slow.commitTransaction();
    await slow.release();
    for (let i = 0; i < 3; i++) await page();
    await eventually('no watcher', async () => ((await watchers()) === 0 ? true : undefined), {
      deadlineMs: PROMPT_MS,
    });
  });
});

describe('a log stream', () => {
  let key: { id: string; key: string };
  beforeEach(async () => {
    key = await nexos.api.post('/auth/api-keys', { name: 'a watcher' });
  });
  const streamOfKey = () =>
    fetch(`${nexos.api.baseUrl}/api/deployments/${id}/logs`, {
      headers: { authorization: `Bearer ${key.key}`, accept: 'text/event-stream' },
    });
  /** Returns the rest of the stream, which must end within seconds. */
  const restOf = async (response: Response) => {
    let rest: string | undefined;
    const reading = response.text().then((text) => {
      rest = text;
    });
    await eventually('the end of the stream', () => Promise.resolve(rest), { deadlineMs: PROMPT_MS });
    await reading;
    return rest;
  };

  it('ends within seconds, without an end event, when its API key is revoked', async () => {
    const response = await streamOfKey();
    expect((await nexos.api.request('DELETE', `/auth/api-keys/${key.id}`)).status).toBe(204);
    expect(await restOf(response)).toBe('');
    expect((await streamOfKey()).status).toBe(401);
  });

  it('ends within seconds when its API key expires', async () => {
    const response = await streamOfKey();
    await nexos.database.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [key.id]);
    expect(await restOf(response)).toBe('');
  });

  it('sends a slow reader only what was in flight when its API key is revoked', async () => {
    const lines = 4_000;
    const writer = await builder.open(id);
    append(writer, Array<string>(lines).fill('x'.repeat(2_000)));
    await builder.finish(writer);
    const response = await streamOfKey();
    await eventually('a watcher', async () => ((await watchers()) === 1 ? true : undefined));
    expect((await nexos.api.request('DELETE', `/auth/api-keys/${key.id}`)).status).toBe(204);
    await eventually('no watcher', async () => ((await watchers()) === 0 ? true : undefined), {
      deadlineMs: PROMPT_MS,
    });
    expect((await response.text()).split('event: line').length).toBeLessThan(lines);
  });
});

/** Issues a key of the account that owns the stack's projects. */
const operatorKey = (): Promise<{ key: string }> => anotherAccount(nexos, 'operator');
