import { type JobEnd } from '@nexos/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

const RUNNING = `desired_state = 'running'`;
const PAUSED = `desired_state = 'paused'`;
const RESET = 'database_generation = database_generation + 1';
const WITH_DATABASE = { services: { postgres: {} }, hooks: { on_deploy: ['migrate'], on_new: ['fill'] } };
const FAILS: JobEnd = { kind: 'exited', code: 137 };
const SUCCEEDS: JobEnd = { kind: 'exited', code: 0 };

let nexos: LifecycleInMemory;
beforeAll(async () => {
  nexos = await LifecycleInMemory.start(inject('system'));
});
beforeEach(() => nexos.engine.reset());
afterAll(() => nexos.stop());

type Deployed = Awaited<ReturnType<LifecycleInMemory['deploy']>>;

const hooks = () => nexos.engine.changes.filter((change) => /^run (deploy|new)$/.test(change));

describe('a reset or a restore whose hooks fail', () => {
  /** Returns an environment whose hook of this kind fails from now on. */
  async function withFailing(kind: string): Promise<Deployed> {
    const main = await nexos.deploy(await nexos.project(), WITH_DATABASE);
    nexos.engine.changes = [];
    nexos.engine.jobEnds = (spec) => (spec.kind === kind ? FAILS : SUCCEEDS);
    return main;
  }

  it.each(['deploy', 'new'])('is a failure of the environment (%s); the app runs on', async (kind) => {
    const main = await withFailing(kind);
    await nexos.act(main.environmentId, RESET);
    const state = await nexos.environment(main);
    expect(state).toMatchObject({ status: 'running', failure: 'hook_failed', isSettled: true });
    expect(state.message).toMatch(new RegExp(`The hook on_${kind} exited with code 137.*still due: resume`));
    expect([nexos.replicasOf(main), await nexos.routeOf(main)]).toEqual([
      1,
      expect.stringContaining(':3000'),
    ]);
    expect(await nexos.eventsOf(main, 'hooks_failed')).toEqual([
      { to: null, generation: '2', reason: 'hook_failed' },
    ]);
    nexos.engine.changes = [];
    await nexos.reconcile(main);
    expect(hooks()).toEqual([]);
    expect(await nexos.environment(main)).toMatchObject({ failure: 'hook_failed' });
  });

  it.each([
    ['a resume', RUNNING],
    ['another reset', RESET],
  ])('runs the hooks again, and forgets the failure, after %s', async (_, change) => {
    const main = await withFailing('new');
    await nexos.act(main.environmentId, RESET);
    nexos.engine.reset();
    await nexos.act(main.environmentId, change);
    expect(hooks()).toEqual(['run deploy', 'run new']);
    expect(await nexos.environment(main)).toMatchObject({ failure: null, isSettled: true });
  });

  it('runs the hooks again although the worker died before it removed the failed ones', async () => {
    const main = await withFailing('new');
    nexos.engine.before = (change) =>
      change === 'remove new' ? Promise.reject(new Error('killed')) : Promise.resolve();
    await expect(nexos.act(main.environmentId, RESET)).rejects.toThrow('killed');
    expect(nexos.engine.jobs.map(({ spec }) => spec.kind)).toContain('new');
    nexos.engine.reset();
    await nexos.act(main.environmentId, RUNNING);
    expect(hooks()).toEqual(['run deploy', 'run new']);
    expect(await nexos.environment(main)).toMatchObject({ failure: null });
  });

  it('runs the hooks with the next deployment, which clears the failure', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, WITH_DATABASE);
    nexos.engine.jobEnds = ({ kind }) => (kind === 'new' ? FAILS : SUCCEEDS);
    await nexos.act(main.environmentId, RESET);
    nexos.engine.reset();
    const fixed = await nexos.deploy(project, WITH_DATABASE);
    expect(fixed).toMatchObject({ status: 'live' });
    expect(hooks()).toEqual(['run deploy', 'run new']);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', failure: null });
  });

  it('runs the hooks after a pause and a resume', async () => {
    const main = await withFailing('new');
    await nexos.act(main.environmentId, RESET);
    await nexos.act(main.environmentId, PAUSED);
    expect(await nexos.environment(main)).toMatchObject({ status: 'paused', failure: 'hook_failed' });
    nexos.engine.reset();
    await nexos.act(main.environmentId, RUNNING);
    expect(hooks()).toEqual(['run deploy', 'run new']);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', failure: null });
  });

  it('is tried again by itself when a full disk kept the hook from starting', async () => {
    const main = await withFailing('new');
    nexos.engine.jobEnds = ({ kind }) =>
      kind === 'new' ? { kind: 'not-started', reason: 'no space left on device' } : SUCCEEDS;
    await nexos.act(main.environmentId, RESET);
    expect(await nexos.environment(main)).toMatchObject({ failure: 'disk_full' });
    nexos.engine.reset();
    await nexos.letBackOffPass(main);
    expect(await nexos.isRetryDue(main)).toBe(true);
    await nexos.reconcile(main);
    expect(await nexos.environment(main)).toMatchObject({ failure: null });
  });

  it('is a failure of a restore too, whose database stays, and whose hooks a resume runs', async () => {
    const main = await nexos.deploy(await nexos.project(), WITH_DATABASE);
    await nexos.act(main.environmentId, RESET);
    nexos.engine.jobEnds = ({ kind }) => (kind === 'deploy' ? FAILS : SUCCEEDS);
    await nexos.act(main.environmentId, `${RESET}, restored_generation = 1`);
    expect(await nexos.environment(main)).toMatchObject({
      status: 'running',
      failure: 'hook_failed',
      isSettled: true,
    });
    expect(await nexos.eventsOf(main, 'hooks_failed')).toMatchObject([
      { generation: '3', reason: 'hook_failed' },
    ]);
    nexos.engine.reset();
    await nexos.act(main.environmentId, RUNNING);
    expect(hooks()).toEqual(['run deploy']);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', failure: null });
  });

  it('resets an environment that failed to start before it starts it again', async () => {
    const main = await nexos.deploy(await nexos.project(), WITH_DATABASE);
    await nexos.act(main.environmentId, PAUSED);
    nexos.engine.fate = 'exits';
    await nexos.act(main.environmentId, RUNNING);
    nexos.engine.reset();
    await nexos.act(main.environmentId, RESET);
    const order = nexos.engine.changes.filter((change) => /^(run new|scale app)/.test(change));
    expect(order).toEqual(['run new', `scale app ${main.id} to 1`]);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', failure: null });
  });

  it('keeps retrying a reset whose database server is not ready, and says so', async () => {
    const main = await nexos.deploy(await nexos.project(), WITH_DATABASE);
    nexos.engine.jobEnds = () => ({ kind: 'exited', code: 1 });
    await expect(nexos.act(main.environmentId, RESET)).rejects.toThrow();
    expect(await nexos.environment(main)).toMatchObject({ error: 'service_not_ready', isSettled: false });
    nexos.engine.reset();
    await nexos.reconcile(main);
    expect(await nexos.environment(main)).toMatchObject({ error: null, failure: null, isSettled: true });
  });
});
