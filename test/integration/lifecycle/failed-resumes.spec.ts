import { RoutesRepository, rollBack } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Fate } from '../../support/in-memory-engine/in-memory-engine.js';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

const RUNNING = `desired_state = 'running'`;
const PAUSED = `desired_state = 'paused'`;

let nexos: LifecycleInMemory;
beforeAll(async () => {
  nexos = await LifecycleInMemory.start(inject('system'));
});
beforeEach(() => nexos.engine.reset());
afterAll(() => nexos.stop());

type Deployed = Awaited<ReturnType<LifecycleInMemory['deploy']>>;

/** Returns a paused environment whose app turns out like this when it starts again. */
async function pausedBefore(fate: Fate): Promise<Deployed> {
  const main = await nexos.deploy(await nexos.project());
  await nexos.act(main.environmentId, PAUSED);
  nexos.engine.fate = fate;
  return main;
}

describe('a resume or a wake whose version does not start', () => {
  it.each<[Fate, string, RegExp]>([
    ['exits', 'app_exited', /^The app exited 3 times.* push a fix, roll back, or resume/],
    ['answers 500', 'app_unhealthy', /^GET \/ answered 500/],
    ['does not answer', 'app_not_answering', /^The app did not answer on port 3000/],
    ['has no image', 'image_missing', /^The image is no longer on its node/],
    ['finds no node', 'no_capacity', /^No node had room for .* Nexos keeps trying\.$/],
  ])('ends as failed, with nothing running, when the app %s: %s', async (fate, code, message) => {
    const main = await pausedBefore(fate);
    await nexos.act(main.environmentId, RUNNING);
    const state = await nexos.environment(main);
    expect(state).toMatchObject({ status: 'failed', failure: code, live: main.id, isSettled: true });
    expect(state.message).toMatch(message);
    expect([nexos.replicasOf(main), await nexos.routeOf(main)]).toEqual([0, undefined]);
    expect((await nexos.eventsOf(main, 'status')).at(-1)).toMatchObject({ to: 'failed', reason: code });
  });

  it('keeps the last lines of the app, whose containers are gone', async () => {
    const main = await pausedBefore('exits');
    const text = 'cannot find module';
    const time = '2026-11-29T10:00:00.5Z';
    nexos.engine.output.set(main.id, [{ time, task: 't', stream: 'stderr', text }]);
    await nexos.act(main.environmentId, RUNNING);
    expect(await nexos.lastOutput(main)).toEqual([text]);
  });

  it('keeps its failure through reconciles that do not cure it, and starts nothing', async () => {
    const main = await pausedBefore('exits');
    await nexos.act(main.environmentId, RUNNING);
    nexos.engine.reset();
    await nexos.reconcile(main);
    expect(await nexos.environment(main)).toMatchObject({ status: 'failed', failure: 'app_exited' });
    expect(nexos.engine.changes).toEqual([]);
    expect(await nexos.isRetryDue(main)).toBe(false);
    await nexos.act(main.environmentId, PAUSED);
    expect(await nexos.environment(main)).toMatchObject({ status: 'paused', failure: 'app_exited' });
  });

  it('runs again after another resume that succeeds, and only then forgets the failure', async () => {
    const main = await pausedBefore('exits');
    await nexos.act(main.environmentId, RUNNING);
    await nexos.want(main.environmentId, RUNNING);
    expect(await nexos.environment(main)).toMatchObject({ status: 'failed', failure: 'app_exited' });
    nexos.engine.reset();
    await nexos.reconcile(main);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', failure: null });
    expect(await nexos.routeOf(main)).toContain(':3000');
  });

  it('runs again on a version that is deployed later', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project);
    await nexos.act(main.environmentId, PAUSED);
    nexos.engine.fate = 'exits';
    await nexos.act(main.environmentId, RUNNING);
    nexos.engine.reset();
    const fixed = await nexos.deploy(project);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', live: fixed.id, failure: null });
  });

  it('runs again on an earlier version after a rollback, whose failure is a failure too', async () => {
    const project = await nexos.project();
    await nexos.deploy(project, { imageId: `sha256:${'2'.repeat(64)}` });
    const main = await nexos.deploy(project);
    await nexos.act(main.environmentId, PAUSED);
    nexos.engine.fate = 'exits';
    await nexos.act(main.environmentId, RUNNING);
    const back = async () => {
      const outcome = await nexos.database.unitOfWork.run((transaction) =>
        rollBack(transaction, main.environmentId, null, 'key_1'),
      );
      expect(outcome).toEqual({ refused: null });
      await nexos.reconcile(main);
    };
    await back();
    expect(await nexos.environment(main)).toMatchObject({
      status: 'failed',
      live: main.id,
      failure: 'app_exited',
    });
    nexos.engine.reset();
    await back();
    const { status, live, failure } = await nexos.environment(main);
    expect({ status, failure, isSame: live === main.id }).toEqual({
      status: 'running',
      failure: null,
      isSame: false,
    });
  });

  it('fails again, and says so, when the version deployed later does not start either', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project);
    await nexos.act(main.environmentId, PAUSED);
    nexos.engine.fate = 'exits';
    await nexos.act(main.environmentId, RUNNING);
    const next = await nexos.deploy(project);
    expect(next).toMatchObject({ status: 'failed', code: 'app_exited' });
    expect(await nexos.environment(main)).toMatchObject({
      status: 'failed',
      live: main.id,
      failure: 'app_exited',
      isSettled: true,
    });
    expect(nexos.replicasOf(next)).toBeUndefined();
  });

  it('tries again by itself, with back-off, when no node had room, until one has', async () => {
    const main = await pausedBefore('finds no node');
    await nexos.act(main.environmentId, RUNNING);
    expect(await nexos.isRetryDue(main)).toBe(false);
    await nexos.letBackOffPass(main);
    expect(await nexos.isRetryDue(main)).toBe(true);
    await nexos.reconcile(main);
    const [again] = await nexos.database.rows<{ count: number; seconds: number }>(
      `SELECT failure_count AS count, extract(epoch FROM retry_at - failed_at)::integer AS seconds
       FROM environments WHERE id = $1`,
      [main.environmentId],
    );
    expect(again).toEqual({ count: 2, seconds: 20 });
    nexos.engine.reset();
    await nexos.letBackOffPass(main);
    await nexos.reconcile(main);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', failure: null });
    expect(await nexos.eventsOf(main, 'status')).toHaveLength(7);
  });

  it('does not retry what a user has paused meanwhile', async () => {
    const main = await pausedBefore('finds no node');
    await nexos.act(main.environmentId, RUNNING);
    await nexos.act(main.environmentId, PAUSED);
    await nexos.letBackOffPass(main);
    expect(await nexos.isRetryDue(main)).toBe(false);
  });

  it('blames a project service that is not ready, and tries again by itself', async () => {
    const main = await nexos.deploy(await nexos.project(), { services: { redis: {} } });
    await nexos.act(main.environmentId, PAUSED);
    nexos.engine.fate = 'exits';
    nexos.engine.jobEnds = () => ({ kind: 'exited', code: 1 });
    await nexos.act(main.environmentId, RUNNING);
    const { failure, message } = await nexos.environment(main);
    expect(failure).toBe('service_not_ready');
    expect(message).toMatch(/Nexos keeps trying\.$/);
    nexos.engine.reset();
    await nexos.letBackOffPass(main);
    await nexos.reconcile(main);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', failure: null });
  });

  it('runs when the app answers although a project service is not ready', async () => {
    const main = await nexos.deploy(await nexos.project(), { services: { redis: {} } });
    await nexos.act(main.environmentId, PAUSED);
    nexos.engine.jobEnds = () => ({ kind: 'exited', code: 1 });
    await nexos.act(main.environmentId, RUNNING);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', failure: null });
  });

  it('stays resuming while the engine is away, and runs once it is back', async () => {
    const main = await pausedBefore('answers');
    nexos.engine.isUnreachable = true;
    await expect(nexos.act(main.environmentId, RUNNING)).rejects.toThrow('does not answer');
    expect(await nexos.environment(main)).toMatchObject({
      status: 'paused',
      error: 'engine_unavailable',
      failure: null,
      isSettled: false,
    });
    nexos.engine.reset();
    await nexos.reconcile(main);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', error: null });
  });

  it('fails an environment whose service was removed externally and cannot be recreated', async () => {
    const main = await nexos.deploy(await nexos.project());
    nexos.engine.apps.clear();
    nexos.engine.fate = 'exits';
    await nexos.reconcile(main);
    expect(await nexos.environment(main)).toMatchObject({ status: 'failed', failure: 'app_exited' });
  });

  it('stops the services of the project, unless Nexos tries again by itself', async () => {
    for (const [fate, left] of [
      ['exits', 0],
      ['finds no node', 1],
    ] as const) {
      nexos.engine.reset();
      const main = await nexos.deploy(await nexos.project(), { services: { redis: {} } });
      await nexos.act(main.environmentId, PAUSED);
      nexos.engine.fate = fate;
      await nexos.act(main.environmentId, RUNNING);
      const spec = [...nexos.engine.begun.values()].find(({ deploymentId }) => deploymentId === main.id);
      const [redis] = [...nexos.engine.shared.values()].filter(
        (one) => one.spec.projectId === spec?.projectId,
      );
      expect(redis?.replicas).toBe(left);
    }
  });

  it('records nothing of the failure when a pause was requested meanwhile', async () => {
    const main = await pausedBefore('exits');
    nexos.engine.before = async (change) => {
      if (change === `scale app ${main.id} to 0`) await nexos.want(main.environmentId, PAUSED);
    };
    await nexos.act(main.environmentId, RUNNING);
    expect(await nexos.environment(main)).toMatchObject({ status: 'paused', failure: null });
  });

  it('is explained to visitors, while one that is started again is not', async () => {
    const main = await pausedBefore('exits');
    const routes = nexos.database.repository(RoutesRepository);
    const awake = async () => (await routes.findAwake([main.environmentId])).length === 1;
    await nexos.want(main.environmentId, RUNNING);
    expect(await awake()).toBe(false);
    await nexos.reconcile(main);
    expect(await awake()).toBe(true);
    await nexos.want(main.environmentId, RUNNING);
    expect(await awake()).toBe(false);
  });
});
