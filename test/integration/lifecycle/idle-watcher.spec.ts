import { WorkerConfig } from '@nexos/config';
import { IdleEnvironmentsRepository } from '@nexos/state';
import { type HostUsage, type IngressUsage, type UsageReading } from '@nexos/ingress';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { IdleWatcher } from '../../../apps/lifecycle/src/pause/idle-watcher.js';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment, jobsAbout } from '../../support/rows.js';

const MINUTE = 60_000;
const LONG_MS = 3 * 24 * 60 * MINUTE;

let database: TestDatabase;
beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());
beforeEach(() => database.dataSource.query('TRUNCATE projects, outbox CASCADE'));

interface Row {
  id: string;
  hostname: string;
  desiredState: string;
  asleep: boolean;
  generation: string;
  sinceRequestMs: number | null;
}

/** Creates an environment live for two days without a request, which may sleep after half an hour. */
async function anEnvironment(
  change = '',
  { sleepAfterMinutes = 30 }: { sleepAfterMinutes?: number | null } = {},
): Promise<Row> {
  const { id, environmentId, projectId } = await createQueuedDeployment(database);
  const { dataSource } = database;
  await dataSource.query('UPDATE projects SET sleep_after_minutes = $2 WHERE id = $1', [
    projectId,
    sleepAfterMinutes,
  ]);
  await dataSource.query(
    `UPDATE deployments SET status = 'live', live_at = now() - interval '2 days' WHERE id = $1`,
    [id],
  );
  await dataSource.query(
    `UPDATE environments SET status = 'running', live_deployment_id = $2, observed_generation = generation,
       created_at = now() - interval '2 days' WHERE id = $1`,
    [environmentId, id],
  );
  if (change !== '')
    await dataSource.query(`UPDATE environments SET ${change} WHERE id = $1`, [environmentId]);
  await dataSource.query('TRUNCATE outbox');
  return rowOf(environmentId);
}

async function rowOf(id: string): Promise<Row> {
  const [row] = await database.rows<Row>(
    `SELECT id, hostname, desired_state AS "desiredState", asleep, generation,
       extract(epoch FROM now() - last_request_at)::float8 * 1000 AS "sinceRequestMs"
     FROM environments WHERE id = $1`,
    [id],
  );
  if (row === undefined) throw new Error(`environment ${id} not found`);
  return row;
}

/** Runs the watcher once with the usage that the ingress reports. */
async function watchOnce(hosts: Record<string, HostUsage> = {}, watchedMs = LONG_MS): Promise<void> {
  const usage: UsageReading = { hosts: new Map(Object.entries(hosts)), watchedMs };
  const ingress = { read: () => Promise.resolve(usage) } as unknown as IngressUsage;
  const environments = database.repository(IdleEnvironmentsRepository);
  const watcher = new IdleWatcher(environments, database.unitOfWork, ingress, new WorkerConfig());
  watcher.onApplicationBootstrap();
  await watcher.beforeApplicationShutdown();
}

describe('IdleWatcher', () => {
  it('requests an idle environment to sleep and enqueues its job', async () => {
    const { id, generation } = await anEnvironment();
    await watchOnce();
    expect(await rowOf(id)).toMatchObject({
      desiredState: 'paused',
      asleep: true,
      generation: String(Number(generation) + 1),
    });
    expect(await jobsAbout(database, id)).toEqual(['reconcile-environment']);
  });

  it('requests sleep once when several watchers run at the same time', async () => {
    const { id } = await anEnvironment();
    await Promise.all(Array.from({ length: 5 }, () => watchOnce()));
    expect(await jobsAbout(database, id)).toEqual(['reconcile-environment']);
  });

  it.each([
    ['its last request was recent', `last_request_at = now() - interval '29 minutes'`],
    ['it was resumed recently', `resumed_at = now() - interval '29 minutes'`],
    ['it has a change in progress', 'generation = generation + 1'],
    ['it is paused', `status = 'paused', desired_state = 'paused'`],
  ])('leaves an environment alone when %s', async (_when, change) => {
    const { id, desiredState, generation } = await anEnvironment(change);
    await watchOnce();
    expect(await rowOf(id)).toMatchObject({ desiredState, asleep: false, generation });
    expect(await jobsAbout(database, id)).toEqual([]);
  });

  it('leaves an environment alone when its version went live recently', async () => {
    const { id } = await anEnvironment();
    await database.dataSource.query(`UPDATE deployments SET live_at = now() WHERE environment_id = $1`, [id]);
    await watchOnce();
    expect(await rowOf(id)).toMatchObject({ asleep: false });
  });

  it('leaves an environment alone while a deployment of it is in progress', async () => {
    const { id } = await anEnvironment();
    await database.dataSource.query(`UPDATE deployments SET status = 'queued' WHERE environment_id = $1`, [
      id,
    ]);
    await watchOnce();
    expect(await rowOf(id)).toMatchObject({ asleep: false });
  });

  it('leaves an environment alone when its project does not let it sleep', async () => {
    const { id } = await anEnvironment('', { sleepAfterMinutes: null });
    await watchOnce();
    expect(await rowOf(id)).toMatchObject({ asleep: false });
  });

  it('waits the whole idle time after the ingress has started, since its earlier counts are lost', async () => {
    const { id } = await anEnvironment();
    await watchOnce({}, 29 * MINUTE);
    expect(await rowOf(id)).toMatchObject({ asleep: false });
    await watchOnce({}, 30 * MINUTE);
    expect(await rowOf(id)).toMatchObject({ asleep: true });
  });
});

describe('usage reported by the ingress', () => {
  it('records the last requests and keeps a used environment awake', async () => {
    const used = await anEnvironment();
    const open = await anEnvironment(`last_request_at = now() - interval '1 day'`);
    const idle = await anEnvironment();
    await watchOnce({
      [used.hostname]: { idleMs: 10 * MINUTE, open: 0 },
      [open.hostname]: { idleMs: 600 * MINUTE, open: 1 },
      [idle.hostname]: { idleMs: 31 * MINUTE, open: 0 },
      'nobody.example': { idleMs: 0, open: 0 },
    });
    const since = async ({ id }: Row) => (await rowOf(id)).sinceRequestMs ?? -1;
    expect(Math.round((await since(used)) / MINUTE)).toBe(10);
    expect(Math.round((await since(open)) / MINUTE)).toBe(0);
    expect(Math.round((await since(idle)) / MINUTE)).toBe(31);
    expect([
      (await rowOf(used.id)).asleep,
      (await rowOf(open.id)).asleep,
      (await rowOf(idle.id)).asleep,
    ]).toEqual([false, false, true]);
  });

  it('never moves the last request back in time', async () => {
    const { id, hostname } = await anEnvironment(`last_request_at = now() - interval '5 minutes'`);
    await watchOnce({ [hostname]: { idleMs: 20 * MINUTE, open: 0 } });
    expect(Math.round(((await rowOf(id)).sinceRequestMs ?? -1) / MINUTE)).toBe(5);
  });

  it('skips a locked row instead of waiting, and does not put its environment to sleep', async () => {
    const { id, hostname } = await anEnvironment();
    await database.dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM environments WHERE id = $1 FOR UPDATE', [id]);
      await watchOnce({ [hostname]: { idleMs: 0, open: 0 } });
    });
    expect(await rowOf(id)).toMatchObject({ asleep: false, sinceRequestMs: null });
  });
});
