import { randomBytes } from 'node:crypto';
import { ContainerRunsRepository } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { RestartBackOff } from '../../../apps/lifecycle/src/health/restart-back-off.js';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

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
/** Records runs that began and ended so many seconds ago; null: still running. */
async function ran(...runs: [startedAgo: number, endedAgo: number | null][]): Promise<void> {
  await nexos.database.repository(ContainerRunsRepository).record(
    { machine: 'node-1', listed: null },
    runs.map(([startedAgo, endedAgo]) => ({
      id: randomBytes(32).toString('hex'),
      deploymentId: app.id,
      container: 'app',
      name: 'app',
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
const heldFor = async () => {
  const [row] = await nexos.database.rows<{ seconds: number | null }>(
    `SELECT extract(epoch FROM held_until - now())::float8 AS seconds FROM container_health WHERE environment_id = $1`,
    [app.environmentId],
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
