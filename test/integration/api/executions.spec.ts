import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import type { Execution, LogEvent, LogLine } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { LogProcess, append, numbered } from '../logs/log-fixture.js';
import { ISO, anotherAccount, commit, createProject, problemOf, refusedFields } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

let environmentId: string;
let projectId: string;
beforeEach(async () => {
  const project = await createProject(nexos);
  projectId = project.id;
  const { repository } = project;
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  environmentId = (await nexos.api.waitForEnvironment(projectId)).id;
  await setState({ status: 'running' });
});
afterEach(() => nexos.database.query('TRUNCATE executions CASCADE'));

/** Sets a state that only workers set. */
async function setState({ status, desired = 'running', reset = false }: Record<string, unknown>) {
  await nexos.database.query(
    `UPDATE environments SET status = $2, desired_state = $3, database_generation = $4,
       live_deployment_id = latest_deployment_id, destroyed_at = CASE WHEN $2 = 'destroyed' THEN now() END
     WHERE id = $1`,
    [environmentId, status, desired, reset === true ? 2 : 1],
  );
}
const request = (body: unknown) => nexos.api.request('POST', `/environments/${environmentId}/exec`, body);
const move = (id: string, set: string) =>
  nexos.database.query(`UPDATE executions SET ${set} WHERE id = $1`, [id]);

describe('POST /environments/{id}/exec', () => {
  it('queues the command as given, with its requester', async () => {
    const command = ['psql', '$DATABASE_URL', '-c', 'select 1\nfrom "ü"', ''];
    const response = await request({ command });
    expect(response.status).toBe(202);
    const execution = (await response.json()) as Execution;
    expect(execution).toEqual({
      id: expect.stringMatching(/^exec_/) as string,
      project_id: projectId,
      environment_id: environmentId,
      deployment_id: null,
      requested_by: expect.stringMatching(/^key_/) as string,
      container: 'app',
      command,
      timeout_seconds: 60,
      status: 'queued',
      exit_code: null,
      failure: null,
      queued_at: ISO,
      started_at: null,
      finished_at: null,
    });
    expect(await nexos.api.get(`/executions/${execution.id}`)).toEqual(execution);
  });

  it.each<[unknown, string[]]>([
    [{}, ['command']],
    [{ command: 'psql' }, ['command']],
    [{ command: [] }, ['command']],
    [{ command: [''] }, ['command']],
    [{ command: ['a', 1] }, ['command']],
    [{ command: ['a', null] }, ['command']],
    [{ command: ['a\0'] }, ['command.0']],
    [{ command: ['\ud800'] }, ['command.0']],
    [{ command: ['x'.repeat(4_097)] }, ['command']],
    [{ command: Array.from({ length: 65 }, () => 'x') }, ['command']],
    [{ command: ['a'], timeout_seconds: 0 }, ['timeout_seconds']],
    [{ command: ['a'], timeout_seconds: 3_601 }, ['timeout_seconds']],
    [{ command: ['a'], timeout_seconds: 1.5 }, ['timeout_seconds']],
    [{ command: ['a'], timeout_seconds: '60' }, ['timeout_seconds']],
    [{ command: ['a'], user: 'root' }, ['user']],
    [{ command: ['a'], container: 'No Name' }, ['container']],
    [{ command: ['a'], container: '' }, ['container']],
    [{ command: ['a'], container: 1 }, ['container']],
  ])('rejects the body %j', async (body, fields) => {
    expect(await refusedFields(await request(body))).toEqual(fields);
  });

  it('accepts a command of maximum length', async () => {
    const command = Array.from({ length: 64 }, () => 'x'.repeat(4_096));
    expect((await request({ command, timeout_seconds: 3_600 })).status).toBe(202);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ status: 'paused', desired: 'paused' }, 'paused'],
    [{ status: 'running', desired: 'paused' }, 'paused'],
    [{ status: 'paused' }, 'paused'],
    [{ status: 'pending' }, 'gone live'],
    [{ status: 'failed' }, 'did not start'],
    [{ status: 'destroying', desired: 'destroyed' }, 'destroyed'],
    [{ status: 'destroyed', desired: 'destroyed' }, 'destroyed'],
    [{ status: 'running', reset: true }, 'reset'],
  ])('is a 409 with the reason when the environment is %j', async (state, words) => {
    await setState(state);
    const response = await request({ command: ['true'] });
    expect(response.status).toBe(409);
    expect((await problemOf(response)).detail).toContain(words);
    expect(await nexos.api.get(`/environments/${environmentId}/executions`)).toEqual([]);
  });

  it('is a 409 while five other commands are unfinished, even for concurrent requests', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => request({ command: ['true'] })));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(5).fill(202), ...Array<number>(7).fill(409)]);
    const [newest] = await nexos.api.get<Execution[]>(`/environments/${environmentId}/executions`);
    await move(newest?.id ?? '', `status = 'timed_out', finished_at = now()`);
    expect((await request({ command: ['true'] })).status).toBe(202);
  });

  it('is a 409 while ten other commands of the account are unfinished, even for concurrent requests', async () => {
    const { id, repository } = await createProject(nexos);
    const environments = await Promise.all(
      ['a', 'b', 'c'].map(async (branch, at) => {
        await nexos.webhooks.push({ repository, branch, before: NO_COMMIT, after: commit(10 + at) });
        return (await nexos.api.waitForEnvironment(id, branch)).id;
      }),
    );
    await nexos.database.query(
      `UPDATE environments SET status = 'running', live_deployment_id = latest_deployment_id WHERE project_id = $1`,
      [id],
    );
    const asked = environments.flatMap((environment) => Array<string>(5).fill(environment));
    const answers = await Promise.all(
      asked.map((environment) =>
        nexos.api.request('POST', `/environments/${environment}/exec`, { command: ['true'] }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 409);
    expect([refused.length, answers.length]).toEqual([5, 15]);
    for (const answer of refused) {
      expect((await problemOf(answer)).detail).toContain('Your environments already have 10');
    }
  });

  it('runs a command once per Idempotency-Key', async () => {
    const headers = { 'idempotency-key': environmentId };
    const ask = () =>
      nexos.api.request('POST', `/environments/${environmentId}/exec`, { command: ['true'] }, headers);
    const [first, second] = [await ask(), await ask()];
    expect(await second.json()).toEqual(await first.json());
    expect(await nexos.api.get<unknown[]>(`/environments/${environmentId}/executions`)).toHaveLength(1);
  });

  it('hides commands and their output from a read-only key', async () => {
    const { id } = await nexos.api.exec(environmentId, ['true']);
    const { api: reader } = await anotherAccount(nexos, 'reader', ['read']);
    for (const path of [
      `/executions/${id}`,
      `/executions/${id}/logs`,
      `/environments/${environmentId}/executions`,
    ]) {
      const response = await reader.request('GET', path);
      expect(response.status).toBe(403);
      expect((await problemOf(response)).detail).toContain('write');
    }
  });
});

describe('GET /environments/{id}/executions', () => {
  it('is paged, newest first', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.unshift((await nexos.api.exec(environmentId, ['true'])).id);
    const path = `/environments/${environmentId}/executions`;
    const first = await nexos.api.request('GET', `${path}?limit=2`);
    expect(((await first.json()) as Execution[]).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const next = /<\/api([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect((await nexos.api.get<Execution[]>(next)).map(({ id }) => id)).toEqual(ids.slice(2));
    const cursor = await nexos.api.request('GET', `${path}?cursor=${environmentId}`);
    expect(await refusedFields(cursor)).toEqual(['cursor']);
  });
});

describe('POST /executions/{id}/cancel', () => {
  const cancel = (id: string) => nexos.api.request('POST', `/executions/${id}/cancel`);

  it('cancels a queued command at once, idempotently', async () => {
    const { id } = await nexos.api.exec(environmentId, ['true']);
    const response = await cancel(id);
    expect(response.status).toBe(202);
    const cancelled = (await response.json()) as Execution;
    expect(cancelled).toMatchObject({ status: 'cancelled', finished_at: ISO });
    expect(await (await cancel(id)).json()).toEqual(cancelled);
  });

  it('asks the worker of a running command to stop it', async () => {
    const { id } = await nexos.api.exec(environmentId, ['true']);
    await move(id, `status = 'running', started_at = now()`);
    expect(await (await cancel(id)).json()).toMatchObject({ status: 'running', finished_at: null });
    const asked = () => nexos.column('SELECT cancel_requested_at FROM executions WHERE id = $1', [id]);
    const [when] = await asked();
    expect(when).toBeInstanceOf(Date);
    await cancel(id);
    expect(await asked()).toEqual([when]);
  });

  it.each([
    `status = 'exited', exit_code = 0`,
    `status = 'timed_out'`,
    `status = 'failed', failure_code = 'not_started', failure_message = 'x'`,
  ])('is a 409 that says how a finished command ended: %s', async (set) => {
    const { id } = await nexos.api.exec(environmentId, ['true']);
    await move(id, `${set}, finished_at = now()`);
    const response = await cancel(id);
    expect(response.status).toBe(409);
    expect((await problemOf(response)).detail).toMatch(/its status is (exited|timed_out|failed)\./);
    expect(await nexos.column('SELECT cancel_requested_at FROM executions WHERE id = $1', [id])).toEqual([
      null,
    ]);
  });
});

describe('GET /executions/{id}?wait', () => {
  it('answers when the status changes', async () => {
    const { id } = await nexos.api.exec(environmentId, ['true']);
    const waiting = nexos.api.get<Execution>(`/executions/${id}?wait=30`);
    const began = Date.now();
    await move(id, `status = 'exited', exit_code = 0, finished_at = now()`);
    expect(await waiting).toMatchObject({ status: 'exited' });
    expect(Date.now() - began).toBeLessThan(10_000);
  });
});

describe('the output of a command', () => {
  let database: TestDatabase;
  let worker: LogProcess;
  beforeAll(async () => {
    database = await TestDatabase.of(nexos.env.DATABASE_URL ?? '');
    worker = await LogProcess.boot(database, nexos.env.REDIS_URL ?? '', nexos.instance);
  });
  afterAll(async () => {
    await worker.close();
    await database.drop();
  });
  const page = (id: string, query = '') =>
    nexos.api.get<{ status: string; lines: LogLine[] }>(`/executions/${id}/logs${query}`);

  it('is paged, live and archived alike, up to the exit code', async () => {
    const { id } = await nexos.api.exec(environmentId, ['true']);
    expect(await page(id)).toEqual({ status: 'queued', exit_code: null, lines: [], next_cursor: '0-0' });
    const writer = await worker.open(id);
    append(writer, numbered(1, 3));
    await worker.readUntil(id, 3);
    expect(await page(id, '?limit=2')).toMatchObject({
      lines: [{ cursor: '1-1', text: 'line 1' }, { text: 'line 2' }],
      next_cursor: '1-2',
    });
    await worker.finish(writer);
    await move(id, `status = 'exited', exit_code = 3, finished_at = now()`);
    expect(await page(id, '?cursor=1-2')).toMatchObject({
      status: 'exited',
      exit_code: 3,
      lines: [{ cursor: '1-3', text: 'line 3' }],
      next_cursor: null,
    });
    const archived = 'SELECT writer FROM execution_logs WHERE execution_id = $1';
    expect(await nexos.column(archived, [id])).toEqual([1]);
  });

  it('is streamed as it is written, and ends with the status and the exit code', async () => {
    const { id } = await nexos.api.exec(environmentId, ['true']);
    const writer = await worker.open(id);
    append(writer, numbered(1, 2));
    const seen: LogEvent[] = [];
    const following = (async () => {
      for await (const event of nexos.api.followAt(`/executions/${id}/logs`, '1-1')) seen.push(event);
    })();
    await eventually('the line', () => Promise.resolve(seen.length === 1 ? true : undefined));
    await move(id, `status = 'exited', exit_code = 3, finished_at = now()`);
    await worker.finish(writer);
    await following;
    expect(seen.map(({ event, data }) => [event, data.text ?? data])).toEqual([
      ['line', 'line 2'],
      ['end', { status: 'exited', exit_code: 3 }],
    ]);
  });

  it('rejects a cursor of another log', async () => {
    const { id } = await nexos.api.exec(environmentId, ['true']);
    const response = await nexos.api.request('GET', `/executions/${id}/logs?cursor=1-1`);
    expect(await refusedFields(response)).toEqual(['cursor']);
  });
});
