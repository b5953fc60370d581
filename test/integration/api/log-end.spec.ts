import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import type { LogEvent, LogLine } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { LogProcess, append, numbered } from '../logs/log-fixture.js';
import { commit, createProject } from './api-fixture.js';

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

let environmentId: string;
let id: string;
beforeEach(async () => {
  const { id: projectId, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  const environment = await nexos.api.waitForEnvironment(projectId);
  environmentId = environment.id;
  id = environment.latest_deployment_id ?? '';
  await update(`status = 'building', attempt = 1`);
});

/** Sets a state that only workers set. */
const update = (set: string) => nexos.database.query(`UPDATE deployments SET ${set} WHERE id = $1`, [id]);
const cancel = () => nexos.api.post(`/deployments/${id}/cancel`);
const pageOf = (log: string, cursor = '') =>
  nexos.api.get<{ status: string; lines: LogLine[]; next_cursor: string | null }>(`${log}?cursor=${cursor}`);
const page = (cursor?: string) => pageOf(`/deployments/${id}/logs`, cursor);

/** Follows a log; `told` returns what was received so far, `ended` resolves at the end of the stream. */
function follow(path = `/deployments/${id}/logs`) {
  const events: LogEvent[] = [];
  const ended = (async () => {
    for await (const event of nexos.api.followAt(path)) events.push(event);
  })();
  const told = () => events.map(({ event, data }) => (event === 'line' ? data.text : data));
  const untilLine = (text: string) =>
    eventually(`the line ${text}`, () => Promise.resolve(told().includes(text) ? true : undefined), {
      deadlineMs: 10_000,
      seen: told,
    });
  return { ended, told, untilLine };
}

describe('the log of a cancelled build', () => {
  it('continues until its builder is done, both streamed and polled', async () => {
    const writer = await builder.open(id);
    append(writer, ['line 1']);
    const { ended, told, untilLine } = follow();
    await untilLine('line 1');
    await cancel();
    append(writer, ['line 2']);
    await untilLine('line 2');
    const polled = await page();
    expect(polled).toMatchObject({ status: 'cancelled', next_cursor: '1-2' });
    writer.note('the build was stopped');
    await builder.finish(writer);
    await ended;
    expect(told()).toEqual(['line 1', 'line 2', 'the build was stopped', { status: 'cancelled' }]);
    const rest = await page(polled.next_cursor ?? '');
    expect(rest.lines.map(({ text }) => text)).toEqual(['the build was stopped']);
    expect(rest.next_cursor).toBeNull();
  });

  it.each([
    ['for the first time', `attempt = 1`, 0],
    ['after another one released it', `attempt = 3, given_back = 2`, 1],
    ['after another one was lost', `attempt = 2`, 1],
  ])('stays open when a silent builder has claimed it %s', async (_, taken, before) => {
    await update(taken);
    for (let writer = 0; writer < before; writer++) await builder.finish(await builder.open(id));
    await cancel();
    expect(await page()).toMatchObject({ status: 'cancelled', lines: [], next_cursor: '0-0' });
    const { ended, told } = follow();
    const writer = await builder.open(id);
    writer.note('the build was stopped');
    await builder.finish(writer);
    await ended;
    expect(told()).toEqual(['the build was stopped', { status: 'cancelled' }]);
  });

  it('ends at once when no builder has claimed the build', async () => {
    await update(`status = 'queued', attempt = 0`);
    await cancel();
    expect(await page()).toMatchObject({ status: 'cancelled', next_cursor: null });
  });

  it('ends when its builder released the build and no other has claimed it', async () => {
    await builder.finish(await builder.open(id));
    await update(`attempt = 2, given_back = 2`);
    await cancel();
    expect(await page()).toMatchObject({ status: 'cancelled', next_cursor: null });
  });

  it('waits 15 seconds for a builder that may have died', async () => {
    append(await builder.open(id), numbered(1, 3));
    const { ended, told, untilLine } = follow();
    await untilLine('line 3');
    await cancel();
    await update(`finished_at = now() - interval '12 seconds'`);
    expect((await page()).next_cursor).toBe('1-3');
    await update(`finished_at = now() - interval '16 seconds'`);
    expect((await page()).next_cursor).toBeNull();
    await ended;
    expect(told()).toEqual([...numbered(1, 3), { status: 'cancelled' }]);
  });
});

it('the log of a cancelled command continues until its worker is done', async () => {
  await nexos.database.query(
    `UPDATE environments SET status = 'running', live_deployment_id = $2 WHERE id = $1`,
    [environmentId, id],
  );
  const execution = await nexos.api.exec(environmentId, ['true']);
  const path = `/executions/${execution.id}/logs`;
  const writer = await builder.open(execution.id);
  append(writer, ['line 1']);
  const { ended, told, untilLine } = follow(path);
  await untilLine('line 1');
  await nexos.api.post(`/executions/${execution.id}/cancel`);
  append(writer, ['line 2']);
  await untilLine('line 2');
  expect(await pageOf(path)).toMatchObject({ status: 'cancelled', next_cursor: '1-2' });
  writer.note('cancelled');
  await builder.finish(writer);
  await ended;
  expect(told()).toEqual(['line 1', 'line 2', 'cancelled', { status: 'cancelled', exit_code: null }]);
  expect((await pageOf(path)).next_cursor).toBeNull();
});
