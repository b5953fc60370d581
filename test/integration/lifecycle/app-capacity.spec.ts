import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { StaysUp } from '../../../apps/lifecycle/src/rollout/stays-up.js';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

/** An app reserves 512. */
const ROOM_FOR_ONE = 600;
const ROOM_FOR_TWO = 1_100;
const ROOM_FOR_THREE = 1_600;
const HOOKS = { on_deploy: ['migrate'], on_new: ['fill'], on_rollback: ['unmigrate'] };

let nexos: LifecycleInMemory;
beforeAll(async () => {
  vi.spyOn(StaysUp.prototype, 'observe').mockImplementation(([newest]) => newest?.state === 'running');
  nexos = await LifecycleInMemory.start(inject('system'));
});
beforeEach(() => {
  nexos.engine.reset();
  nexos.engine.apps.clear();
});
afterAll(() => {
  vi.restoreAllMocks();
  return nexos.stop();
});

const hooksRun = () => nexos.engine.changes.filter((change) => change.startsWith('run'));
/** Runs something while the next hook begins. */
function duringHook(work: () => Promise<unknown>): void {
  nexos.engine.before = async (change) => {
    if (!change.startsWith('run deploy')) return;
    nexos.engine.before = () => Promise.resolve();
    await work();
  };
}

describe('room for an app', () => {
  it('is looked for before hooks run, which a version without room does not', async () => {
    const project = await nexos.project();
    const live = await nexos.deploy(project);
    nexos.engine.memoryMb = ROOM_FOR_ONE;
    const failed = await nexos.deploy(project, { hooks: HOOKS });
    expect(failed).toMatchObject({ status: 'failed', code: 'no_capacity' });
    expect(failed.message).toMatch(/^No node had room for 0\.5 CPU and 512 MiB of memory within 1 s/);
    expect(hooksRun()).toEqual([]);
    expect(await nexos.environment(live)).toMatchObject({ status: 'running', live: live.id });
  });

  it('is looked for before the hook of a rollback runs', async () => {
    const project = await nexos.project();
    await nexos.deploy(project, { hooks: HOOKS });
    const imageId = `sha256:${'2'.repeat(64)}`;
    const live = await nexos.deploy(project, { hooks: HOOKS, imageId });
    nexos.engine.changes = [];
    nexos.engine.memoryMb = ROOM_FOR_ONE;
    expect(await nexos.rollBack(live)).toMatchObject({ status: 'failed', code: 'no_capacity' });
    expect(hooksRun()).toEqual([]);
    nexos.engine.memoryMb = ROOM_FOR_TWO;
    expect(await nexos.rollBack(live)).toMatchObject({ status: 'live' });
    expect(hooksRun()).toEqual(['run rollback']);
  });

  it('is waited for as long as the app may take to start', async () => {
    const project = await nexos.project();
    const other = await nexos.deploy(project, { branch: 'other' });
    nexos.engine.memoryMb = ROOM_FOR_ONE;
    const timer = setTimeout(() => nexos.engine.apps.clear(), 300);
    const deployed = await nexos.deploy(project, { hooks: HOOKS });
    clearTimeout(timer);
    expect(deployed).toMatchObject({ status: 'live' });
    expect(other).toMatchObject({ status: 'live' });
  });

  it('is kept while hooks run: another version does not take it', async () => {
    const [project, another] = [await nexos.project(), await nexos.project()];
    nexos.engine.memoryMb = ROOM_FOR_ONE;
    let late: { status: string; code: string | null } | undefined;
    duringHook(async () => (late = await nexos.deploy(another)));
    expect(await nexos.deploy(project, { hooks: HOOKS })).toMatchObject({ status: 'live' });
    expect(late).toMatchObject({ status: 'failed', code: 'no_capacity' });
  });

  it('is kept while hooks run: a resumed environment does not take it', async () => {
    const [project, another] = [await nexos.project(), await nexos.project()];
    const paused = await nexos.deploy(another);
    await nexos.act(paused.environmentId, `desired_state = 'paused'`);
    nexos.engine.memoryMb = ROOM_FOR_ONE;
    duringHook(() => nexos.act(paused.environmentId, `desired_state = 'running'`));
    expect(await nexos.deploy(project, { hooks: HOOKS })).toMatchObject({ status: 'live' });
    expect(await nexos.environment(paused)).toMatchObject({ status: 'failed' });
  });

  it('is looked for once by each further attempt to resume an environment, which starts nothing without it', async () => {
    const paused = await nexos.deploy(await nexos.project());
    await nexos.act(paused.environmentId, `desired_state = 'paused'`);
    nexos.engine.fate = 'finds no node';
    await nexos.act(paused.environmentId, `desired_state = 'running'`);
    expect((await nexos.environment(paused)).message).toMatch(/^No node had room for .* within 1 s/);
    nexos.engine.changes = [];
    await nexos.letBackOffPass(paused);
    await nexos.reconcile(paused);
    const { status, failure, message } = await nexos.environment(paused);
    expect([status, failure]).toEqual(['failed', 'no_capacity']);
    expect(message).toMatch(
      /^No node had room for 0\.5 CPU and 512 MiB of memory\. .* Nexos keeps trying\.$/,
    );
    expect(nexos.engine.changes).toEqual([]);
    nexos.engine.fate = 'answers';
    await nexos.letBackOffPass(paused);
    await nexos.reconcile(paused);
    expect(await nexos.environment(paused)).toMatchObject({ status: 'running', failure: null });
  });

  it('is kept for each of several versions whose hooks run', async () => {
    const [project, another] = [await nexos.project(), await nexos.project()];
    nexos.engine.memoryMb = ROOM_FOR_TWO;
    let other: { status: string } | undefined;
    duringHook(async () => (other = await nexos.deploy(another, { hooks: HOOKS })));
    expect(await nexos.deploy(project, { hooks: HOOKS })).toMatchObject({ status: 'live' });
    expect(other).toMatchObject({ status: 'live' });
  });

  it('is no longer kept for a version whose hook failed, or whose worker has died', async () => {
    const [project, another] = [await nexos.project(), await nexos.project()];
    nexos.engine.memoryMb = ROOM_FOR_ONE;
    nexos.engine.jobEnds = () => ({ kind: 'exited', code: 1 });
    const failed = await nexos.deploy(project, { hooks: HOOKS });
    expect(failed).toMatchObject({ code: 'hook_failed' });
    expect(await nexos.database.rows('SELECT 1 FROM capacity_claims')).toEqual([]);
    await nexos.database.dataSource.query(
      'INSERT INTO capacity_claims (environment_id, lease_epoch, deployment_id) VALUES ($1, 1, $2)',
      [failed.environmentId, failed.id],
    );
    expect(await nexos.deploy(another)).toMatchObject({ status: 'live' });
  });
});

describe('room for several containers', () => {
  const WORKER = { name: 'worker', depends_on: ['api'] };
  const API = { name: 'api', port: 3001 };

  it('is looked for before hooks run: for all of them', async () => {
    nexos.engine.memoryMb = ROOM_FOR_TWO;
    const failed = await nexos.deploy(await nexos.project(), { hooks: HOOKS, containers: [API, WORKER] });
    expect(failed).toMatchObject({ status: 'failed', code: 'no_capacity' });
    expect(failed.message).toMatch(/app needs 0\.5 CPU and 512 MiB of memory, api needs .*, worker needs/);
    expect(hooksRun()).toEqual([]);
    expect(nexos.engine.apps.size).toBe(0);
  });

  it('is kept for each until it starts: another version does not take it', async () => {
    const [project, another] = [await nexos.project(), await nexos.project()];
    nexos.engine.memoryMb = ROOM_FOR_THREE;
    let late: { status: string; code: string | null } | undefined;
    nexos.engine.before = async (change) => {
      if (!change.startsWith('create worker')) return;
      nexos.engine.before = () => Promise.resolve();
      late = await nexos.deploy(another);
    };
    const deployed = await nexos.deploy(project, { containers: [API, WORKER] });
    expect(deployed).toMatchObject({ status: 'live' });
    expect(late).toMatchObject({ status: 'failed', code: 'no_capacity' });
  });

  it('is not needed twice for one that replaces its predecessor', async () => {
    const project = await nexos.project();
    const containers = [{ name: 'worker', overlap: false }];
    await nexos.deploy(project, { containers });
    nexos.engine.memoryMb = ROOM_FOR_THREE;
    expect(await nexos.deploy(project, { hooks: HOOKS, containers })).toMatchObject({ status: 'live' });
    const overlapping = [{ name: 'worker' }];
    expect(await nexos.deploy(project, { hooks: HOOKS, containers: overlapping })).toMatchObject({
      code: 'no_capacity',
    });
  });
});
