import {
  actOnEnvironment,
  beginExecution,
  failBuild,
  finishExecution,
  putToSleep,
  queueExecution,
  recordDestroyed,
  recordPaused,
  recordPausing,
  recordReset,
  recordResumed,
  recordResuming,
  settleEnvironment,
  wakeEnvironment,
} from '@nexos/state';
import { DeploymentFailure, type EnvironmentAction } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { API_ACTOR } from '../../support/rows.js';
import { DeploymentFixture } from './deployment-fixture.js';

let database: TestDatabase;
let fixture: DeploymentFixture;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
beforeEach(async () => {
  fixture = await DeploymentFixture.create(database);
});
afterAll(() => database.drop());

interface EventRow {
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly actor: string;
  readonly reason: string | null;
  readonly jobs: number;
}

const eventsSince = async (count: number) => {
  const rows = await database.rows<EventRow>(
    `SELECT type, data, actor, reason,
       (SELECT count(*)::integer FROM outbox
        WHERE queue = 'notify' AND name = 'environment-event' AND payload->>'seq' = event.seq::text) AS jobs
     FROM environment_events event WHERE environment_id = $1 AND type <> 'health' ORDER BY seq`,
    [fixture.environmentId],
  );
  expect(rows.every(({ jobs }) => jobs === 1)).toBe(true);
  return rows.slice(count).map(({ type, data, actor, reason }) => [type, data, actor, reason]);
};
const healthEvents = () =>
  database.rows(
    `SELECT data->>'from' AS from, data->>'to' AS to FROM environment_events
     WHERE environment_id = $1 AND type = 'health' ORDER BY seq`,
    [fixture.environmentId],
  );
const held = () => ({ environmentId: fixture.environmentId, epoch: '3' });
const act = async (action: EnvironmentAction) => {
  const acting = fixture.run((transaction) =>
    actOnEnvironment(transaction, fixture.environmentId, action, API_ACTOR),
  );
  expect(await acting).toEqual({ refused: null });
};
const moved = (from: string | null, to: string) => ({ from, to });

it('records that an environment was created, its first deployment failed and a later one runs', async () => {
  const first = await fixture.reach('building');
  const failure = new DeploymentFailure('build_step_failed', 'It failed.');
  await fixture.run((transaction) => failBuild(transaction, fixture.held(first), failure));
  const second = await fixture.reach('building');
  await fixture.run((transaction) => failBuild(transaction, fixture.held(second), failure));
  const third = await fixture.reach('live');
  await fixture.reach('live');
  expect(await eventsSince(0)).toEqual([
    ['status', moved(null, 'pending'), 'github', 'push'],
    ['status', moved('pending', 'failed'), 'system', 'deployment_failed'],
    ['status', { ...moved('failed', 'running'), deployment_id: third }, 'system', 'deployment_live'],
  ]);
});

it('records each pause and resume of an environment once, with who requested it', async () => {
  await fixture.reach('live');
  await act('pause');
  await act('pause');
  // A worker that takes over from a dead one records everything again.
  for (const record of [recordPausing, recordPausing, recordPaused]) {
    expect(await fixture.run((transaction) => record(transaction, held()))).toBe(true);
  }
  expect(await fixture.run((transaction) => recordPaused(transaction, held()))).toBe(false);
  await act('resume');
  for (const record of [recordResuming, recordResuming, recordResumed, recordResumed]) {
    expect(await fixture.run((transaction) => record(transaction, held()))).toBe(true);
  }
  expect(await healthEvents()).toEqual([{ from: null, to: 'healthy' }]);
  expect(await eventsSince(2)).toEqual([
    ['requested', { action: 'pause' }, API_ACTOR, 'requested'],
    ['status', moved('running', 'pausing'), 'system', null],
    ['status', moved('pausing', 'paused'), 'system', null],
    ['requested', { action: 'resume' }, API_ACTOR, 'requested'],
    ['status', moved('paused', 'resuming'), 'system', null],
    ['status', moved('resuming', 'running'), 'system', null],
  ]);
});

it('records that an environment falls asleep and is woken, once for any number of visitors', async () => {
  await fixture.reach('live');
  const { environmentId } = fixture;
  const [row] = await database.rows<{ generation: string }>(
    'SELECT generation FROM environments WHERE id = $1',
    [environmentId],
  );
  const generation = row?.generation ?? '';
  await fixture.run((transaction) => settleEnvironment(transaction, { ...held(), generation }));
  const candidate = { id: environmentId, generation };
  expect(await fixture.run((transaction) => putToSleep(transaction, candidate))).toBe(true);
  expect(await fixture.run((transaction) => putToSleep(transaction, candidate))).toBe(false);
  await Promise.all(
    [1, 2, 3].map(() => fixture.run((transaction) => wakeEnvironment(transaction, environmentId))),
  );
  expect(await eventsSince(2)).toEqual([
    ['requested', { action: 'sleep' }, 'system', 'idle'],
    ['requested', { action: 'wake' }, 'system', 'visited'],
  ]);
});

it('records the reset of a database and the destruction of its environment once each', async () => {
  await fixture.reach('live');
  const { environmentId } = fixture;
  await database.dataSource.query(
    `UPDATE environments SET database_generation = 2, generation = generation + 1 WHERE id = $1`,
    [environmentId],
  );
  const reset = { ...held(), databaseGeneration: 2, restoredGeneration: null };
  expect(await fixture.run((transaction) => recordReset(transaction, reset))).toBe(true);
  expect(await fixture.run((transaction) => recordReset(transaction, reset))).toBe(false);
  await fixture.destroy();
  expect(await fixture.run((transaction) => recordDestroyed(transaction, held()))).toBe(true);
  expect(await fixture.run((transaction) => recordDestroyed(transaction, held()))).toBe(false);
  expect(await eventsSince(2)).toEqual([
    ['database_reset', { generation: 2, restored: null }, 'system', null],
    ['status', moved('running', 'destroying'), API_ACTOR, 'requested'],
    ['status', moved('destroying', 'destroyed'), 'system', null],
  ]);
});

it('records the status changes of an execution, and its end once when two workers report it', async () => {
  const deploymentId = await fixture.reach('live');
  const { environmentId } = fixture;
  const request = {
    environmentId,
    container: 'app',
    command: ['true'],
    timeoutSeconds: 60,
    requestedBy: API_ACTOR,
  };
  const queued = await fixture.run((transaction) => queueExecution(transaction, request));
  const executionId = 'id' in queued ? queued.id : '';
  const mine = { executionId, epoch: '0' };
  expect(await fixture.run((transaction) => beginExecution(transaction, mine, deploymentId))).toBe(true);
  const ends = await Promise.all([
    fixture.run((transaction) => finishExecution(transaction, mine, { status: 'exited', exitCode: 3 })),
    fixture.run((transaction) => finishExecution(transaction, mine, { status: 'exited', exitCode: 3 })),
  ]);
  expect(ends.filter(Boolean)).toHaveLength(1);
  const about = { execution_id: executionId };
  expect(await eventsSince(2)).toEqual([
    ['execution', { ...moved(null, 'queued'), ...about }, API_ACTOR, 'requested'],
    ['execution', { ...moved('queued', 'running'), ...about }, 'system', null],
    ['execution', { ...moved('running', 'exited'), ...about, exit_code: 3 }, 'system', null],
  ]);
});
