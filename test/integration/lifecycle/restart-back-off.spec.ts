import { randomBytes } from 'node:crypto';
import { cancelDeployment, ContainerRunsRepository } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { RestartBackOff } from '../../../apps/lifecycle/src/health/restart-back-off.js';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';
import { BY_REQUEST, createQueuedDeployment } from '../../support/rows.js';

let nexos: LifecycleInMemory;
let app: { id: string; environmentId: string };
beforeAll(async () => {
  nexos = await LifecycleInMemory.start(inject('system'));
});
afterAll(() => nexos.stop());
beforeEach(async () => {
  app = await nexos.deploy(await nexos.project());
  await change('deployments', `live_at = now() - interval '1 hour'`, app.id);
  nexos.engine.changes = [];
  nexos.engine.holds.clear();
});

const change = (table: string, set: string, id: string) =>
  nexos.database.dataSource.query(
    `UPDATE ${table} SET ${set} WHERE ${table === 'container_health' ? 'environment_id' : 'id'} = $1`,
    [id],
  );
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
type Runs = [startedAgo: number, endedAgo: number | null][];
/** Records runs of the app that began and ended so many seconds ago; null: still running. */
const ran = (...runs: Runs) => ranOf('app', ...runs);
async function ranOf(container: string, ...runs: Runs): Promise<void> {
  await nexos.database.repository(ContainerRunsRepository).record(
    { machine: 'node-1', listed: null },
    runs.map(([startedAgo, endedAgo]) => ({
      id: randomBytes(32).toString('hex'),
      deploymentId: app.id,
      container,
      name: container,
      address: null,
      startedAt: ago(startedAgo),
      listeners: null,
      outOfMemoryAt: null,
      end:
        endedAgo === null
          ? null
          : {
              ...{ at: ago(endedAgo), code: 1, isOutOfMemory: false, isUnhealthy: false, isStopped: false },
              lines: [],
              commandProblem: null,
            },
      sealedLines: null,
    })),
  );
}
const heldFor = async (container = 'app') => {
  const [row] = await nexos.database.rows<{ seconds: number | null }>(
    `SELECT extract(epoch FROM held_until - now())::float8 AS seconds FROM container_health
     WHERE environment_id = $1 AND container = $2`,
    [app.environmentId, container],
  );
  return row?.seconds ?? null;
};

describe('an app that exits', () => {
  it.each<[string, [number, number | null][]]>([
    ['once', [[60, 0.2]]],
    [
      'again after an hour',
      [
        [7000, 3700],
        [3600, 0.2],
      ],
    ],
    [
      'again, but runs already',
      [
        [60, 40],
        [39, 20],
        [19, 1],
        [0.5, null],
      ],
    ],
    [
      'again, long ago',
      [
        [60, 50],
        [49, 40],
        [39, 30],
      ],
    ],
  ])('is left to Swarm when it exits %s', async (_when, runs) => {
    await ran(...runs);
    await nexos.checkHealth(app);
    expect(nexos.engine.changes).toEqual([]);
    expect(await heldFor()).toBeNull();
  });

  it('is restarted after a longer pause each time', async () => {
    await ran([60, 40], [39, 20], [19, 0.2]);
    await nexos.checkHealth(app);
    expect(nexos.engine.changes).toEqual([`scale app ${app.id} to 0`]);
    expect(await heldFor()).toBeGreaterThan(2.5);
    const [until = 0] = nexos.engine.holds.values();
    expect(until - Date.now()).toBeGreaterThan(2_500);
    // Neither an early look nor a sweep starts it.
    await nexos.checkHealth(app);
    expect(nexos.engine.changes).toHaveLength(1);
    await change('container_health', `held_until = now()`, app.environmentId);
    await nexos.checkHealth(app);
    expect(nexos.engine.changes).toEqual([`scale app ${app.id} to 0`, `scale app ${app.id} to 1`]);
    expect(await heldFor()).toBeNull();
    expect([...nexos.engine.holds]).toEqual([]);
    await ran([18, 0.1]);
    await nexos.checkHealth(app);
    expect(await heldFor()).toBeGreaterThan(6);
  });

  it('is held again after an exit that comes although it was held', async () => {
    await ran([60, 40], [39, 20], [19, 0.4]);
    await nexos.checkHealth(app);
    for (const service of nexos.engine.apps.values())
      if (service.spec.deploymentId === app.id) service.replicas = 1;
    await ran([0.3, 0.1]);
    await nexos.checkHealth(app);
    expect(nexos.engine.changes).toEqual(Array(2).fill(`scale app ${app.id} to 0`));
    expect(await heldFor()).toBeGreaterThan(6);
  });

  it('stays held when a look that began before the hold finds that the previous one is over', async () => {
    await ran([60, 40], [39, 20], [19, 0.4]);
    await nexos.checkHealth(app);
    await change('container_health', `held_until = now()`, app.environmentId);
    const apply = vi.spyOn(RestartBackOff.prototype, 'apply').mockResolvedValueOnce();
    await nexos.checkHealth(app);
    const [[subject] = []] = apply.mock.calls;
    const [backOff] = apply.mock.contexts;
    apply.mockRestore();
    if (subject === undefined || backOff === undefined) throw new Error('nothing was looked at');
    await change('container_health', `held_until = now() + interval '1 minute'`, app.environmentId);
    await (backOff as RestartBackOff).apply(subject);
    expect(nexos.engine.changes).toEqual([`scale app ${app.id} to 0`]);
    expect(await heldFor()).toBeGreaterThan(50);
  });

  it('is left alone while another worker changes its environment', async () => {
    await ran([60, 40], [39, 20], [19, 0.2]);
    await change('environments', `lease_until = now() + interval '1 minute'`, app.environmentId);
    await nexos.checkHealth(app);
    expect(nexos.engine.changes).toEqual([]);
    expect(await heldFor()).toBeNull();
  });

  it('starts without a hold after a pause and a resume', async () => {
    await ran([60, 40], [39, 20], [19, 0.2]);
    await nexos.checkHealth(app);
    await nexos.act(app.environmentId, `desired_state = 'paused'`);
    await nexos.act(app.environmentId, `desired_state = 'running'`);
    expect(await heldFor()).toBeNull();
    expect([...nexos.engine.holds]).toEqual([]);
    expect(nexos.engine.changes).toContain(`scale app ${app.id} to 1`);
  });
});

describe('a container whose restart is held back', () => {
  /** Deploys, and lets a container exit until it is held. */
  async function held(wanted: Parameters<typeof nexos.deploy>[1] = {}, container = 'app') {
    const project = await nexos.project();
    app = await nexos.deploy(project, wanted);
    await change('deployments', `live_at = now() - interval '1 hour'`, app.id);
    await ranOf(container, [60, 40], [39, 20], [19, 0.2]);
    await nexos.checkHealth(app);
    expect(await heldFor(container)).not.toBeNull();
    await change('container_health', `held_until = now() + interval '5 minutes'`, app.environmentId);
    nexos.engine.changes = [];
    return project;
  }
  /** Expects that nothing was started, and that the hold is still there. */
  async function expectHeld(container = 'app') {
    expect(nexos.engine.changes.filter((one) => one.startsWith(`scale ${container} ${app.id}`))).toEqual([]);
    expect(await heldFor(container)).toBeGreaterThan(0);
    expect(await nexos.environment(app)).toMatchObject({ status: 'running', live: app.id, isSettled: true });
  }

  it('is left alone when a new version fails', async () => {
    const project = await held();
    nexos.engine.fates = { app: 'exits' };
    const failing = await nexos.deploy(project);
    nexos.engine.fates = {};
    expect(failing).toMatchObject({ status: 'failed' });
    await expectHeld();
  });

  it('is left alone when a queued deployment is cancelled', async () => {
    const project = await held();
    const queued = await createQueuedDeployment(nexos.database, { project, branch: 'main' });
    await nexos.database.unitOfWork.run((transaction) =>
      cancelDeployment(transaction, queued.id, queued.environmentId, BY_REQUEST),
    );
    await nexos.reconcile(app);
    await expectHeld();
  });

  it('does not keep its environment from a reset', async () => {
    await held({ services: { postgres: {} } });
    await nexos.act(app.environmentId, 'database_generation = database_generation + 1');
    await expectHeld();
    const [row] = await nexos.database.rows(
      'SELECT database_generation = observed_database_generation AS "isReset" FROM environments WHERE id = $1',
      [app.environmentId],
    );
    expect(row).toEqual({ isReset: true });
  });

  it('is left alone by the failed version of several containers, of which nothing stays', async () => {
    const containers = [{ name: 'worker', overlap: false }];
    const project = await held({ containers }, 'worker');
    nexos.engine.fates = { app: 'exits' };
    const failing = await nexos.deploy(project, { containers });
    nexos.engine.fates = {};
    expect(failing).toMatchObject({ status: 'failed' });
    await expectHeld('worker');
    const versions = [...nexos.engine.apps.values()]
      .filter(({ spec }) => spec.environmentId === app.environmentId)
      .map(({ spec }) => spec.deploymentId);
    expect([...new Set(versions)]).toEqual([app.id]);
  });

  it('is started again with its environment, whose visitors are not told to wait any longer', async () => {
    await held();
    expect(nexos.engine.holds.size).toBe(1);
    nexos.engine.apps.clear();
    await nexos.reconcile(app);
    expect([...nexos.engine.holds]).toEqual([]);
    expect(await heldFor()).toBeNull();
  });
});
