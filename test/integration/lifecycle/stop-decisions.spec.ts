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

/** Creates two environments of one project; the app of the first stops slowly. */
async function slowAndQuick(wantedBySlow = REDIS, wantedByQuick = REDIS) {
  const project = await nexos.project();
  const slow = await nexos.deploy(project, wantedBySlow);
  const quick = await nexos.deploy(project, { ...wantedByQuick, branch: 'other' });
  stopsSlowly(slow);
  return { project, slow, quick };
}
const NOTHING = { services: {} } as typeof REDIS;

// Concurrent, because each test waits a second for an app to stop; each has its own project.
describe.concurrent('project services while an app is still stopping', () => {
  it('keeps services running until a paused app has stopped, and then stops them', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, REDIS);
    stopsSlowly(main);
    await nexos.act(main.environmentId, PAUSED);
    expect(await nexos.environment(main)).toMatchObject({ status: 'pausing' });
    expect(services(project)).toEqual([1]);
    await hasStopped(main);
    expect(await nexos.environment(main)).toMatchObject({ status: 'paused' });
    expect(services(project)).toEqual([0]);
  });

  it('keeps services running when a command ends while the app is still stopping', async () => {
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
  ])('keeps services running when the other environment is %s', async (_, change) => {
    const { project, slow, quick } = await slowAndQuick();
    await nexos.act(slow.environmentId, PAUSED);
    await nexos.act(quick.environmentId, change);
    expect(services(project)).toEqual([1]);
    await hasStopped(slow);
    expect(services(project)).toEqual([0]);
  });

  it('keeps services running after an app has stopped when another environment was resumed meanwhile', async () => {
    const { project, slow, quick } = await slowAndQuick();
    await nexos.act(slow.environmentId, PAUSED);
    await nexos.act(quick.environmentId, PAUSED);
    await nexos.act(quick.environmentId, RUNNING);
    await hasStopped(slow);
    expect(services(project)).toEqual([1]);
  });

  it('stops services after a destroyed environment without a part in them has stopped', async () => {
    const { project, slow, quick } = await slowAndQuick(NOTHING, REDIS);
    await nexos.act(slow.environmentId, DESTROYED);
    await nexos.act(quick.environmentId, PAUSED);
    await hasStopped(slow);
    expect(services(project)).toEqual([0]);
  });

  it('keeps services and volumes until all destroyed environments have stopped', async () => {
    const { project, slow, quick } = await slowAndQuick();
    await nexos.act(slow.environmentId, DESTROYED);
    await nexos.act(quick.environmentId, DESTROYED);
    expect([services(project), volumes(project)]).toEqual([[1], 1]);
    expect(await nexos.environment(quick)).toMatchObject({ status: 'destroying', error: null });
    expect(await nexos.restarts(quick)).toBe(true);
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

it('destroys stopped environments without making one wait for the other', async () => {
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
  it.each(['older', 'newer'])('keeps the network while the %s environment is stopping', async (which) => {
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

describe.concurrent('an environment whose app is still stopping', () => {
  const statusesOf = async (of: OfEnvironment) => (await nexos.eventsOf(of, 'status')).map(({ to }) => to);

  it('is paused only once its container is gone; its route goes first', async () => {
    const main = await nexos.deploy(await nexos.project());
    stopsSlowly(main);
    await nexos.act(main.environmentId, PAUSED);
    expect(await nexos.environment(main)).toMatchObject({ status: 'pausing' });
    expect([nexos.replicasOf(main), await nexos.routeOf(main), await nexos.restarts(main)]).toEqual([
      0,
      undefined,
      true,
    ]);
    await nexos.reconcile(main);
    expect(await nexos.environment(main)).toMatchObject({ status: 'pausing', isSettled: false });
    await hasStopped(main);
    expect(await nexos.environment(main)).toMatchObject({ status: 'paused', isSettled: true });
    expect(await statusesOf(main)).toEqual(['pending', 'running', 'pausing', 'paused']);
  });

  it('keeps what the app wrote until its end, from several looks at it', async () => {
    const main = await nexos.deploy(await nexos.project());
    const wrote = (second: number, text: string) => {
      const line = { time: `2026-11-29T10:00:0${second}.5Z`, task: 't', stream: 'stdout' as const, text };
      nexos.engine.output.set(main.id, [...(nexos.engine.output.get(main.id) ?? []), line]);
    };
    wrote(1, 'ready');
    stopsSlowly(main);
    await nexos.act(main.environmentId, PAUSED);
    expect(await nexos.lastOutput(main)).toEqual(['ready']);
    wrote(2, 'got SIGTERM');
    await nexos.reconcile(main);
    wrote(3, 'done');
    await hasStopped(main);
    expect(await nexos.lastOutput(main)).toEqual(['ready', 'got SIGTERM', 'done']);
  });

  it('keeps what a replaced version wrote, although its service is removed', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project);
    const line = { time: '2026-11-29T10:00:01.5Z', task: 't', stream: 'stdout' as const, text: 'job 1 done' };
    nexos.engine.output.set(first.id, [line]);
    const second = await nexos.deploy(project);
    expect([nexos.replicasOf(first), nexos.replicasOf(second)]).toEqual([undefined, 1]);
    expect(await nexos.lastOutput(first)).toEqual(['job 1 done']);
  });

  it('starts a resumed app only once its stopping container is gone', async () => {
    const main = await nexos.deploy(await nexos.project());
    stopsSlowly(main);
    await nexos.act(main.environmentId, PAUSED);
    await nexos.act(main.environmentId, RUNNING);
    expect(nexos.replicasOf(main)).toBe(0);
    expect(await nexos.restarts(main)).toBe(true);
    await hasStopped(main);
    expect(nexos.replicasOf(main)).toBe(1);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', error: null });
  });

  it('starts a version built meanwhile only once the stopping container is gone', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project);
    stopsSlowly(main);
    await nexos.act(main.environmentId, PAUSED);
    const next = await nexos.built(project);
    await nexos.act(main.environmentId, RUNNING);
    expect(nexos.replicasOf(next)).toBeUndefined();
    await hasStopped(main);
    expect(nexos.replicasOf(next)).toBe(1);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', live: next.id });
  });

  it('runs again with its route when the pause is withdrawn while it is carried out', async () => {
    const main = await nexos.deploy(await nexos.project());
    nexos.engine.before = async (change) => {
      if (change === `scale app ${main.id} to 0`) await nexos.want(main.environmentId, RUNNING);
    };
    await nexos.act(main.environmentId, PAUSED);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', isSettled: true });
    expect([nexos.replicasOf(main), await nexos.routeOf(main)]).toEqual([
      1,
      expect.stringContaining(':3000'),
    ]);
  });

  it('is pausing, not paused, when it is paused again while it was being resumed', async () => {
    const main = await nexos.deploy(await nexos.project());
    await nexos.act(main.environmentId, PAUSED);
    nexos.engine.before = async (change) => {
      if (change === `scale app ${main.id} to 1`) await nexos.want(main.environmentId, PAUSED);
      if (change === `scale app ${main.id} to 0`) {
        stopsSlowly(main);
        expect(await nexos.environment(main)).toMatchObject({ status: 'pausing' });
      }
    };
    await nexos.act(main.environmentId, RUNNING);
    expect(await nexos.environment(main)).toMatchObject({ status: 'pausing' });
    await hasStopped(main);
    expect(await nexos.environment(main)).toMatchObject({ status: 'paused' });
    const resumed = ['pending', 'running', 'pausing', 'paused', 'resuming', 'pausing', 'paused'];
    expect(await statusesOf(main)).toEqual(resumed);
  });

  it('completes a resume whose worker died after starting the app', async () => {
    const main = await nexos.deploy(await nexos.project());
    await nexos.act(main.environmentId, PAUSED);
    for (const app of nexos.engine.apps.values()) if (app.spec.deploymentId === main.id) app.replicas = 1;
    await nexos.act(main.environmentId, RUNNING);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running' });
  });
});
