import { type ContainerRun } from '@nexos/contracts';
import { type Health } from '@nexos/domain';
import {
  ContainerRunsRepository,
  DueEnvironmentsRepository,
  type ContainerHealthFacts,
  EnvironmentHealthRepository,
  holdRestarts,
  recordHealth,
  releaseRestarts,
} from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment } from '../../support/rows.js';

let database: TestDatabase;
let runs: ContainerRunsRepository;
let healths: EnvironmentHealthRepository;
let environmentId: string;
let deploymentId: string;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  runs = database.repository(ContainerRunsRepository);
  healths = database.repository(EnvironmentHealthRepository);
});
afterAll(() => database.drop());
beforeEach(async () => {
  ({ id: deploymentId, environmentId } = await createQueuedDeployment(database));
  await database.dataSource.query(
    `UPDATE deployments SET status = 'live', live_at = now() - interval '1 hour' WHERE id = $1`,
    [deploymentId],
  );
  await database.dataSource.query(
    `UPDATE environments SET status = 'running', live_deployment_id = $2 WHERE id = $1`,
    [environmentId, deploymentId],
  );
});

let counter = 0;
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
function run(startedAgo: number, endedAgo: number | null, end: Partial<ContainerRun['end']> = {}) {
  const id = (++counter).toString(16).padStart(64, '0');
  const how = { code: 1, isOutOfMemory: false, isUnhealthy: false, isStopped: false };
  const found = { lines: [], commandProblem: null };
  return {
    ...{ id, deploymentId, container: 'app', name: 'app', address: null, startedAt: ago(startedAgo) },
    ...{ outOfMemoryAt: null, listeners: null as ContainerRun['listeners'] },
    end: endedAgo === null ? null : { at: ago(endedAgo), ...how, ...found, ...end },
    sealedLines: null,
  };
}
const record = (...reported: ReturnType<typeof run>[]) =>
  runs.record({ machine: 'node1', listed: null }, reported);
const subject = async () => {
  const [found] = await healths.findSubjects(environmentId);
  if (found === undefined) throw new Error('the environment is not running');
  return found;
};
const jobs = async () => {
  const rows = await database.rows<{ name: string }>(
    `DELETE FROM outbox WHERE payload->>'environmentId' = $1 AND name = 'check-health' RETURNING name`,
    [environmentId],
  );
  return (rows[0] as unknown as unknown[]).length;
};
const events = () =>
  database.rows<{ from: string; to: string }>(
    `SELECT data->>'from' AS from, data->>'to' AS to FROM environment_events
     WHERE environment_id = $1 AND type = 'health' ORDER BY seq`,
    [environmentId],
  );
const change = (from: Parameters<typeof recordHealth>[1]['from'], to: Health) =>
  database.unitOfWork.run((transaction) =>
    recordHealth(transaction, {
      environmentId,
      deploymentId,
      from,
      to,
      restarts: 0,
      lastExit: null,
      containers: [{ name: 'app', ...to, restarts: 0 }],
    }),
  );

describe('reported runs', () => {
  it('have a worker look at an environment once for each exit of its live version that nobody asked for', async () => {
    const first = run(20, 10);
    await record(run(30, null), run(40, 35, { isStopped: true }));
    expect(await jobs()).toBe(0);
    await record(first);
    expect(await jobs()).toBe(1);
    await record(first);
    expect(await jobs()).toBe(0);
  });

  it('are the facts about the live version since it went live', async () => {
    await record(
      run(7300, 7200),
      run(60, 40, { code: 137, isOutOfMemory: true }),
      run(39, 20),
      run(19, null),
    );
    const { containers, now } = await subject();
    const [{ exits, exitCount, running, agentSeenAt }] = containers as [ContainerHealthFacts];
    expect(exits).toMatchObject([
      { code: 137, isOutOfMemory: true },
      { code: 1, isOutOfMemory: false },
    ]);
    expect(exitCount).toBe(2);
    expect(now - (running?.since ?? 0)).toBeGreaterThan(18_000);
    expect(now - (agentSeenAt ?? 0)).toBeLessThan(10_000);
  });

  it('belong to one of several containers', async () => {
    await database.dataSource.query(
      `UPDATE deployments SET spec = spec || '{"containers": [{"name": "worker"}, {"name": "api"}]}' WHERE id = $1`,
      [deploymentId],
    );
    await record(
      run(60, null),
      { ...run(60, 40), container: 'worker' },
      { ...run(30, null), container: 'worker' },
    );
    const facts = (await subject()).containers.map(({ container, exitCount, running }) => [
      container.name,
      exitCount,
      running !== null,
    ]);
    expect(facts).toEqual([
      ['app', 0, true],
      ['worker', 1, true],
      ['api', 0, false],
    ]);
    expect(await runs.endsOf(deploymentId, 'app', '0')).toEqual([]);
    expect(await runs.endsOf(deploymentId, 'worker', '0')).toHaveLength(1);
  });

  it('say which containers ran out of memory or could not run their command, once that is reported', async () => {
    const commandProblem = { kind: 'crlf', file: './start.sh', interpreter: null } as const;
    const [crashed, greedy] = [
      run(60, 40, { commandProblem }),
      run(39, 20, { code: 137, isOutOfMemory: true }),
    ];
    await record(crashed);
    expect(await runs.factsOf([crashed.id, greedy.id])).toMatchObject([
      { isOver: true, isOutOfMemory: false, commandProblem },
    ]);
    await record(greedy);
    expect(await runs.factsOf([greedy.id])).toMatchObject([
      { isOver: true, isOutOfMemory: true, commandProblem: null },
    ]);
  });

  it('say where a container listens, also after a report that does not', async () => {
    const app = run(20, null);
    const listeners = [{ address: '127.0.0.1', port: 3000 }];
    const found = async () => (await runs.factsOf([app.id]))[0]?.listeners;
    await record(app);
    expect(await found()).toBeNull();
    await record({ ...app, listeners });
    await record(app);
    expect(await found()).toEqual(listeners);
    await record({ ...app, listeners: [] });
    expect(await found()).toEqual([]);
    await record({ ...app, startedAt: ago(10) });
    expect(await found()).toBeNull();
  });

  it('may say so after the end, and a worker looks again', async () => {
    const ended = run(39, 20, { code: 137 });
    await record(ended);
    expect(await jobs()).toBe(1);
    const late = { ...ended, end: { ...ended.end, isOutOfMemory: true } } as typeof ended;
    await record(late);
    expect(await jobs()).toBe(1);
    expect(await runs.factsOf([ended.id])).toMatchObject([{ isOutOfMemory: true }]);
    await record(ended, late);
    expect(await jobs()).toBe(0);
    expect(await runs.factsOf([ended.id])).toMatchObject([{ isOutOfMemory: true }]);
  });
});

describe('the health of an environment', () => {
  it('changes with one event when two workers record the same change', async () => {
    expect(await change(null, { state: 'healthy', message: 'good' })).toBe(true);
    expect(await change('healthy', { state: 'healthy', message: 'better' })).toBe(true);
    expect(await change('healthy', { state: 'crash_looping', message: 'bad' })).toBe(true);
    expect(await change('healthy', { state: 'unreachable', message: 'late' })).toBe(false);
    expect(await change(null, { state: 'unreachable', message: 'later' })).toBe(false);
    expect(await events()).toEqual([
      { from: null, to: 'healthy' },
      { from: 'healthy', to: 'crash_looping' },
    ]);
    expect((await subject()).previous).toEqual({ state: 'crash_looping', message: 'bad', restarts: 0 });
  });

  it('is not recorded for an environment that no longer runs, or a version that is no longer live', async () => {
    await database.dataSource.query(`UPDATE environments SET status = 'paused' WHERE id = $1`, [
      environmentId,
    ]);
    expect(await change(null, { state: 'healthy', message: 'good' })).toBe(false);
    expect(await healths.findSubjects(environmentId)).toEqual([]);
    expect(await events()).toEqual([]);
  });

  it('is watched by one process at a time', async () => {
    expect(await healths.claimWatch('one', 10_000)).toBe(true);
    expect(await healths.claimWatch('other', 10_000)).toBe(false);
    expect(await healths.claimWatch('one', 0)).toBe(true);
    expect(await healths.claimWatch('other', 0)).toBe(true);
  });
});

describe('a live version with several containers', () => {
  it('is swept while one of them is missing', async () => {
    await database.dataSource.query(
      `UPDATE deployments SET spec = spec || '{"containers": [{"name": "worker"}]}' WHERE id = $1`,
      [deploymentId],
    );
    const due = database.repository(DueEnvironmentsRepository);
    const isStopped = async (count: number) =>
      (await due.findStopped(new Map([[deploymentId, count]]))).some(({ id }) => id === environmentId);
    expect([await isStopped(0), await isStopped(1), await isStopped(2)]).toEqual([true, true, false]);
  });
});

describe('held restarts', () => {
  it('keep the sweep from starting the app, until they are over or released', async () => {
    const due = database.repository(DueEnvironmentsRepository);
    const running = new Map([['dep_other', 5]]);
    const isStopped = async () => (await due.findStopped(running)).some(({ id }) => id === environmentId);
    await change(null, { state: 'crash_looping', message: 'bad' });
    expect(await isStopped()).toBe(true);
    const hold = (until: number) =>
      database.unitOfWork.run((transaction) =>
        holdRestarts(transaction, { environmentId, deploymentId, container: 'app' }, until),
      );
    expect(await hold(Date.now() + 60_000)).toBe(true);
    expect(await isStopped()).toBe(false);
    expect((await subject()).containers[0]?.heldUntil).toBeGreaterThan(Date.now());
    await hold(Date.now() - 60_000);
    expect(await isStopped()).toBe(true);
    await hold(Date.now() + 60_000);
    await database.unitOfWork.run((transaction) =>
      releaseRestarts(transaction, { environmentId, deploymentId, container: 'app' }),
    );
    expect(await isStopped()).toBe(true);
    await database.dataSource.query(`UPDATE environments SET desired_state = 'paused' WHERE id = $1`, [
      environmentId,
    ]);
    expect(await hold(Date.now() + 60_000)).toBe(false);
  });
});
