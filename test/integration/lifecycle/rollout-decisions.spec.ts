import { EngineDiskFullError } from '@nexos/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Fate } from '../../support/in-memory-engine/in-memory-engine.js';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

let nexos: LifecycleInMemory;
beforeAll(async () => {
  nexos = await LifecycleInMemory.start(inject('system'));
});
beforeEach(() => nexos.engine.reset());
afterAll(() => nexos.stop());

const appsOf = ({ environmentId }: { environmentId: string }) =>
  [...nexos.engine.apps.values()]
    .filter(({ spec }) => spec.environmentId === environmentId)
    .map(({ spec }) => spec.deploymentId);
/** Returns the deployment that the route of an environment leads to. */
const routedDeployment = async (of: { environmentId: string }) => {
  const { hostname } = await nexos.environment(of);
  const service = nexos.engine.routes.get(hostname)?.split(':')[0] ?? '';
  return nexos.engine.apps.get(service)?.spec.deploymentId;
};

describe('rollouts', () => {
  it('routes traffic to a version that answers and removes the previous one', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project);
    expect(first).toMatchObject({ status: 'live' });
    expect(await routedDeployment(first)).toBe(first.id);
    const second = await nexos.deploy(project);
    expect(second).toMatchObject({ status: 'live', environmentId: first.environmentId });
    expect(await nexos.deployment(first)).toMatchObject({ status: 'replaced' });
    expect(await routedDeployment(second)).toBe(second.id);
    expect(appsOf(second)).toEqual([second.id]);
  });

  it('gives the route the request timeout of the version that it leads to, after a resume too', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project, { requestTimeoutSeconds: 600 });
    const { hostname } = await nexos.environment(first);
    const timeout = () => nexos.engine.routes.get(hostname)?.split(':')[2];
    expect(timeout()).toBe('600000');
    await nexos.act(first.environmentId, `desired_state = 'paused'`);
    expect(timeout()).toBeUndefined();
    await nexos.act(first.environmentId, `desired_state = 'running'`);
    expect(timeout()).toBe('600000');
    await nexos.deploy(project, { requestTimeoutSeconds: 30 });
    expect(timeout()).toBe('30000');
  });

  it('fails a version whose variables refer to one that does not exist, and starts nothing', async () => {
    const project = await nexos.project();
    const env = { URL: '${{ DATABASE_URL }}' };
    const failed = await nexos.deploy(project, { env });
    expect(failed).toMatchObject({ status: 'failed', code: 'variables_invalid' });
    expect(failed.message).toMatch(
      /^The environment variable URL refers to DATABASE_URL, which does not exist\./,
    );
    expect(appsOf(failed)).toEqual([]);
    expect(await nexos.deploy(project, { env, services: { postgres: {} } })).toMatchObject({
      status: 'live',
    });
  });

  it('starts no further version while two earlier ones have not stopped', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project);
    nexos.engine.stopping.add(first.environmentId);
    const second = await nexos.deploy(project);
    const third = await nexos.deploy(project);
    expect([second.status, third.status]).toEqual(['live', 'live']);
    const fourth = await nexos.deploy(project);
    expect(fourth).toMatchObject({ status: 'deploying' });
    expect(appsOf(first)).toEqual([third.id]);
    nexos.engine.stopping.delete(first.environmentId);
    await nexos.reconcile(first);
    expect(await nexos.deployment(fourth)).toMatchObject({ status: 'live' });
    expect(appsOf(first)).toEqual([fourth.id]);
  });

  it('removes versions that pushes in quick succession left, when the next one needs their room', async () => {
    const project = await nexos.project();
    const live = await nexos.deploy(project);
    const [app] = [...nexos.engine.apps.values()].filter(({ spec }) => spec.deploymentId === live.id);
    if (app === undefined) throw new Error('the live version has no service');
    for (const deploymentId of ['dep_superseded', 'dep_drained']) {
      const spec = { ...app.spec, deploymentId };
      nexos.engine.apps.set(deploymentId, { ...app, spec });
      nexos.engine.begun.set(deploymentId, spec);
    }
    const next = await nexos.deploy(project);
    expect(next).toMatchObject({ status: 'live' });
    expect(appsOf(next)).toEqual([next.id]);
  });

  it('moves the route after starting the new version and before removing the old one', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project);
    const { hostname } = await nexos.environment(first);
    nexos.engine.changes = [];
    const second = await nexos.deploy(project);
    const made = nexos.engine.changes.filter((change) => !change.endsWith('network'));
    expect([...new Set(made)]).toEqual([
      `create app ${second.id}`,
      `route ${hostname}`,
      `remove app ${first.id}`,
    ]);
  });

  it.each<[Fate, string, RegExp]>([
    ['answers 500', 'app_unhealthy', /^GET \/ answered 500 for 1 s/],
    ['does not answer', 'app_not_answering', /did not answer on port 3000/],
    ['exits', 'app_exited', /^The app exited 3 times, last with code 1/],
    ['has no image', 'image_missing', /no longer on its node/],
    ['finds no node', 'no_capacity', /^No node had room for/],
  ])('a rollout whose app %s fails as %s and keeps the live version', async (fate, code, message) => {
    const project = await nexos.project();
    const live = await nexos.deploy(project);
    nexos.engine.fate = fate;
    const failed = await nexos.deploy(project);
    expect(failed).toMatchObject({ status: 'failed', code });
    expect(failed.message).toMatch(message);
    expect(await nexos.deployment(live)).toMatchObject({ status: 'live' });
    expect(await routedDeployment(live)).toBe(live.id);
    expect(appsOf(live)).toEqual([live.id]);
    expect(await nexos.environment(live)).toMatchObject({ status: 'running', live: live.id });
  });

  it('leaves a failed environment when the first rollout fails, and a later one goes live', async () => {
    const project = await nexos.project();
    nexos.engine.fate = 'exits';
    const failed = await nexos.deploy(project);
    expect(await nexos.environment(failed)).toMatchObject({ status: 'failed', live: null });
    expect(await routedDeployment(failed)).toBeUndefined();
    nexos.engine.reset();
    const next = await nexos.deploy(project);
    expect(await nexos.environment(next)).toMatchObject({ status: 'running', live: next.id });
    expect(appsOf(next)).toEqual([next.id]);
  });

  it('fails as disk_full when the engine has no disk space left', async () => {
    const project = await nexos.project();
    nexos.engine.refuses = (change) => {
      if (change.startsWith('create app')) throw new EngineDiskFullError('no space left on device');
    };
    expect(await nexos.deploy(project)).toMatchObject({ status: 'failed', code: 'disk_full' });
  });

  it('postpones a rollout while the engine is unreachable, before it begins and midway', async () => {
    const project = await nexos.project();
    const built = await nexos.built(project);
    nexos.engine.isUnreachable = true;
    await expect(nexos.reconcile(built)).rejects.toThrow('does not answer');
    nexos.engine.isUnreachable = false;
    nexos.engine.before = (change) => {
      nexos.engine.isUnreachable = change.startsWith('create app');
      return Promise.resolve();
    };
    await expect(nexos.reconcile(built)).rejects.toThrow('does not answer');
    expect(await nexos.deployment(built)).toMatchObject({ status: 'deploying' });
    nexos.engine.reset();
    await nexos.reconcile(built);
    expect(await nexos.deployment(built)).toMatchObject({ status: 'live' });
  });

  it('supersedes a rollout without a failure when a newer version is built, which goes live', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project);
    nexos.engine.fate = 'does not answer';
    const overtaken = await nexos.built(project);
    let newest: { id: string; environmentId: string } | undefined;
    nexos.engine.before = async (change) => {
      if (!change.startsWith('create app') || newest !== undefined) return;
      newest = await nexos.built(project);
      nexos.engine.reset();
      nexos.engine.apps.clear();
    };
    await nexos.reconcile(overtaken);
    expect(await nexos.deployment(overtaken)).toMatchObject({ status: 'superseded', code: null });
    expect(await routedDeployment(first)).toBe(newest?.id);
    expect(appsOf(first)).toEqual([newest?.id]);
  });

  it('changes nothing more once the worker has lost its lease', async () => {
    const project = await nexos.project();
    const built = await nexos.built(project);
    nexos.engine.before = async (change) => {
      if (!change.startsWith('create app')) return;
      await nexos.database.dataSource.query(
        `UPDATE environments SET lease_epoch = lease_epoch + 1 WHERE id = $1`,
        [built.environmentId],
      );
    };
    await nexos.reconcile(built);
    expect(appsOf(built)).toEqual([]);
    expect(await nexos.deployment(built)).toMatchObject({ status: 'deploying' });
  });
});
