import {
  actOnEnvironment,
  beginExecution,
  failBuild,
  finishExecution,
  putToSleep,
  queueExecution,
  recordDestroyed,
  recordPaused,
  recordReset,
  recordResumed,
  settleEnvironment,
  wakeEnvironment,
} from '@nexos/state';
import { DeploymentFailure, type EnvironmentAction } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { SOMEBODY } from '../../support/rows.js';
import { DeploymentsUnderWay } from './deployments-under-way.js';

let database: TestDatabase;
let all: DeploymentsUnderWay;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
beforeEach(async () => {
  all = await DeploymentsUnderWay.begin(database);
});
afterAll(() => database.drop());

interface EventRow {
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly actor: string;
  readonly reason: string | null;
  readonly nudges: number;
}

const eventsSince = async (count: number) => {
  const rows = await database.rows<EventRow>(
    `SELECT type, data, actor, reason,
       (SELECT count(*)::integer FROM outbox
        WHERE queue = 'notify' AND name = 'environment-event' AND payload->>'seq' = event.seq::text) AS nudges
     FROM environment_events event WHERE environment_id = $1 ORDER BY seq`,
    [all.environmentId],
  );
  expect(rows.every(({ nudges }) => nudges === 1)).toBe(true);
  return rows.slice(count).map(({ type, data, actor, reason }) => [type, data, actor, reason]);
};
const held = () => ({ environmentId: all.environmentId, epoch: '3' });
const act = async (action: EnvironmentAction) => {
  const acting = all.run((transaction) => actOnEnvironment(transaction, all.environmentId, action, SOMEBODY));
  expect(await acting).toEqual({ refused: null });
};
const moved = (from: string | null, to: string) => ({ from, to });

it('an environment tells that it was made, that its first deployment failed, and that a later one runs', async () => {
  const first = await all.reach('building');
  const failure = new DeploymentFailure('build_step_failed', 'It failed.');
  await all.run((transaction) => failBuild(transaction, all.held(first), failure));
  const second = await all.reach('building');
  await all.run((transaction) => failBuild(transaction, all.held(second), failure));
  const third = await all.reach('live');
  await all.reach('live');
  expect(await eventsSince(0)).toEqual([
    ['status', moved(null, 'pending'), 'github', 'push'],
    ['status', moved('pending', 'failed'), 'system', 'deployment_failed'],
    ['status', { ...moved('failed', 'running'), deployment_id: third }, 'system', 'deployment_live'],
  ]);
});

it('an environment tells that it is paused and resumed, who asked for it, and each once', async () => {
  await all.reach('live');
  await act('pause');
  await act('pause');
  expect(await all.run((transaction) => recordPaused(transaction, held()))).toBe(true);
  // A worker that comes after one that died does so once more.
  expect(await all.run((transaction) => recordPaused(transaction, held()))).toBe(true);
  await act('resume');
  expect(await all.run((transaction) => recordResumed(transaction, held()))).toBe(true);
  expect(await all.run((transaction) => recordResumed(transaction, held()))).toBe(false);
  expect(await eventsSince(2)).toEqual([
    ['requested', { action: 'pause' }, SOMEBODY, 'requested'],
    ['status', moved('running', 'paused'), 'system', null],
    ['requested', { action: 'resume' }, SOMEBODY, 'requested'],
    ['status', moved('paused', 'running'), 'system', null],
  ]);
});

it('an environment tells that it falls asleep and is woken, once however many visitors come', async () => {
  await all.reach('live');
  const { environmentId } = all;
  const [row] = await database.rows<{ generation: string }>(
    'SELECT generation FROM environments WHERE id = $1',
    [environmentId],
  );
  const generation = row?.generation ?? '';
  await all.run((transaction) => settleEnvironment(transaction, { ...held(), generation }));
  const candidate = { id: environmentId, generation };
  expect(await all.run((transaction) => putToSleep(transaction, candidate))).toBe(true);
  expect(await all.run((transaction) => putToSleep(transaction, candidate))).toBe(false);
  await Promise.all(
    [1, 2, 3].map(() => all.run((transaction) => wakeEnvironment(transaction, environmentId))),
  );
  expect(await eventsSince(2)).toEqual([
    ['requested', { action: 'sleep' }, 'system', 'idle'],
    ['requested', { action: 'wake' }, 'system', 'visited'],
  ]);
});

it('an environment tells that its database was reset, and that nothing of it is left', async () => {
  await all.reach('live');
  const { environmentId } = all;
  await database.dataSource.query(
    `UPDATE environments SET database_generation = 2, generation = generation + 1 WHERE id = $1`,
    [environmentId],
  );
  const reset = { ...held(), databaseGeneration: 2, restoredGeneration: null };
  expect(await all.run((transaction) => recordReset(transaction, reset))).toBe(true);
  expect(await all.run((transaction) => recordReset(transaction, reset))).toBe(false);
  await all.destroy();
  expect(await all.run((transaction) => recordDestroyed(transaction, held()))).toBe(true);
  expect(await all.run((transaction) => recordDestroyed(transaction, held()))).toBe(false);
  expect(await eventsSince(2)).toEqual([
    ['database_reset', { generation: 2, restored: null }, 'system', null],
    ['status', moved('running', 'destroying'), SOMEBODY, 'requested'],
    ['status', moved('destroying', 'destroyed'), 'system', null],
  ]);
});

it('an environment tells what became of a command, and its end once when two workers report it', async () => {
  const deploymentId = await all.reach('live');
  const { environmentId } = all;
  const wanted = { environmentId, command: ['true'], timeoutSeconds: 60, requestedBy: SOMEBODY };
  const queued = await all.run((transaction) => queueExecution(transaction, wanted));
  const executionId = 'id' in queued ? queued.id : '';
  const mine = { executionId, epoch: '0' };
  expect(await all.run((transaction) => beginExecution(transaction, mine, deploymentId))).toBe(true);
  const ends = await Promise.all([
    all.run((transaction) => finishExecution(transaction, mine, { status: 'exited', exitCode: 3 })),
    all.run((transaction) => finishExecution(transaction, mine, { status: 'exited', exitCode: 3 })),
  ]);
  expect(ends.filter(Boolean)).toHaveLength(1);
  const about = { execution_id: executionId };
  expect(await eventsSince(2)).toEqual([
    ['execution', { ...moved(null, 'queued'), ...about }, SOMEBODY, 'requested'],
    ['execution', { ...moved('queued', 'running'), ...about }, 'system', null],
    ['execution', { ...moved('running', 'exited'), ...about, exit_code: 3 }, 'system', null],
  ]);
});
