import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

const REDIS = { services: { redis: {} } };
const RUNNING = `desired_state = 'running'`;
const PAUSED = `desired_state = 'paused'`;
const DESTROYED = `desired_state = 'destroyed', status = 'destroying'`;

let nexos: LifecycleInMemory;
beforeAll(async () => {
  nexos = await LifecycleInMemory.start(inject('system'));
});
afterAll(() => nexos.stop());

type OfEnvironment = Awaited<ReturnType<LifecycleInMemory['deploy']>>;
const stopsSlowly = ({ environmentId }: OfEnvironment) => nexos.engine.stopping.add(environmentId);
const hasStopped = async (environment: OfEnvironment) => {
  nexos.engine.stopping.delete(environment.environmentId);
  await nexos.reconcile(environment);
};
const ofProject = (project: { id: string }, names: Iterable<string>) =>
  [...names].filter((name) => name.includes(project.id.replaceAll('_', '-').toLowerCase()));
const volumes = (project: { id: string }) => ofProject(project, nexos.engine.volumes).length;
const services = (project: { id: string }) =>
  ofProject(project, nexos.engine.shared.keys()).map((name) => nexos.engine.shared.get(name)?.replicas);
const hasNetwork = ({ id }: { id: string }) => nexos.engine.networks.has(id);

/** Two environments of one project, the first of which has an app that takes long to stop. */
async function slowAndQuick(wantedBySlow = REDIS, wantedByQuick = REDIS) {
  const project = await nexos.project();
  const slow = await nexos.deploy(project, wantedBySlow);
  const quick = await nexos.deploy(project, { ...wantedByQuick, branch: 'other' });
  stopsSlowly(slow);
  return { project, slow, quick };
}
const NOTHING = { services: {} } as typeof REDIS;

// Each has a project of its own, and waits a second for an app to stop.
describe.concurrent("while an app is still stopping, its project's services", () => {
  it('run on when it was paused, and rest after it', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, REDIS);
    stopsSlowly(main);
    await nexos.act(main.environmentId, PAUSED);
    expect(await nexos.environment(main)).toMatchObject({ status: 'paused' });
    expect(services(project)).toEqual([1]);
    await hasStopped(main);
    expect(services(project)).toEqual([0]);
  });

  it('run on when a command beside it ends', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, REDIS);
    const command = await nexos.queueCommand(main);
    stopsSlowly(main);
    await nexos.act(main.environmentId, PAUSED);
    await nexos.cancelCommand(command);
    expect(services(project)).toEqual([1]);
    await hasStopped(main);
    expect(services(project)).toEqual([0]);
  });

  it.each([
    ['paused', PAUSED],
    ['destroyed', DESTROYED],
  ])('run on when the other environment is %s', async (_, change) => {
    const { project, slow, quick } = await slowAndQuick();
    await nexos.act(slow.environmentId, PAUSED);
    await nexos.act(quick.environmentId, change);
    expect(services(project)).toEqual([1]);
    await hasStopped(slow);
    expect(services(project)).toEqual([0]);
  });

  it('run on, and after it too when another environment was resumed meanwhile', async () => {
    const { project, slow, quick } = await slowAndQuick();
    await nexos.act(slow.environmentId, PAUSED);
    await nexos.act(quick.environmentId, PAUSED);
    await nexos.act(quick.environmentId, RUNNING);
    await hasStopped(slow);
    expect(services(project)).toEqual([1]);
  });

  it('rest after it though its environment has no part in them and is destroyed', async () => {
    const { project, slow, quick } = await slowAndQuick(NOTHING, REDIS);
    await nexos.act(slow.environmentId, DESTROYED);
    await nexos.act(quick.environmentId, PAUSED);
    await hasStopped(slow);
    expect(services(project)).toEqual([0]);
  });

  it('stay with their volumes when all environments are destroyed, whichever stops first', async () => {
    const { project, slow, quick } = await slowAndQuick();
    await nexos.act(slow.environmentId, DESTROYED);
    await nexos.act(quick.environmentId, DESTROYED);
    expect([services(project), volumes(project)]).toEqual([[1], 1]);
    expect(await nexos.environment(quick)).toMatchObject({ status: 'destroying', error: null });
    expect(await nexos.comesBack(quick)).toBe(true);
    nexos.engine.stopping.delete(slow.environmentId);
    await nexos.reconcile(quick);
    expect([services(project), volumes(project)]).toEqual([[], 0]);
    await nexos.reconcile(slow);
    for (const environment of [slow, quick]) {
      expect(await nexos.environment(environment)).toMatchObject({ status: 'destroyed', error: null });
    }
    expect(hasNetwork(project)).toBe(false);
  });
});

it('environments that have stopped already do not wait for each other to be destroyed', async () => {
  const { project, slow, quick } = await slowAndQuick();
  await nexos.act(quick.environmentId, PAUSED);
  await nexos.act(slow.environmentId, PAUSED);
  nexos.engine.stopping.delete(slow.environmentId);
  await nexos.want(slow.environmentId, DESTROYED);
  await nexos.act(quick.environmentId, DESTROYED);
  expect(services(project)).toEqual([]);
  expect(await nexos.environment(quick)).toMatchObject({ status: 'destroyed', error: null });
  await nexos.reconcile(slow);
  expect(await nexos.environment(slow)).toMatchObject({ status: 'destroyed', error: null });
});

describe.concurrent('the network of a project', () => {
  it.each(['older', 'newer'])('is left to the %s environment whose app is still stopping', async (which) => {
    const project = await nexos.project();
    const older = await nexos.deploy(project);
    const newer = await nexos.deploy(project, { branch: 'other' });
    const [slow, quick] = which === 'older' ? [older, newer] : [newer, older];
    stopsSlowly(slow);
    await nexos.act(slow.environmentId, DESTROYED);
    await nexos.act(quick.environmentId, DESTROYED);
    expect(await nexos.environment(quick)).toMatchObject({ status: 'destroyed', error: null });
    expect(hasNetwork(project)).toBe(true);
    await hasStopped(slow);
    expect(hasNetwork(project)).toBe(false);
  });
});

describe.concurrent('an environment that is resumed while its app is still stopping', () => {
  const replicas = (deployment: OfEnvironment) =>
    [...nexos.engine.apps.values()].find(({ spec }) => spec.deploymentId === deployment.id)?.replicas;

  it('starts no second container beside it, and starts once it has stopped', async () => {
    const main = await nexos.deploy(await nexos.project());
    stopsSlowly(main);
    await nexos.act(main.environmentId, PAUSED);
    await nexos.act(main.environmentId, RUNNING);
    expect(replicas(main)).toBe(0);
    expect(await nexos.comesBack(main)).toBe(true);
    await hasStopped(main);
    expect(replicas(main)).toBe(1);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', error: null });
  });

  it('is seen through when the worker died that had started it', async () => {
    const main = await nexos.deploy(await nexos.project());
    await nexos.act(main.environmentId, PAUSED);
    for (const app of nexos.engine.apps.values()) if (app.spec.deploymentId === main.id) app.replicas = 1;
    await nexos.act(main.environmentId, RUNNING);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running' });
  });
});
