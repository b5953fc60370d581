import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { sharedServiceName } from '@nexos/engine';
import { INSTANCE } from '../../support/in-memory-engine/fake-services.js';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

let nexos: LifecycleInMemory;
beforeAll(async () => (nexos = await LifecycleInMemory.start(inject('system'))));
beforeEach(() => {
  nexos.engine.reset();
  const { apps, shared, routes, relays } = nexos.engine;
  for (const things of [apps, shared, routes, relays]) things.clear();
});
afterAll(() => nexos.stop());

/** Adds a second machine to the Swarm, or removes it. */
function setMachines(count: 1 | 2): void {
  const { engine } = nexos;
  engine.nodes = engine.nodes.slice(0, 1);
  const [one] = engine.nodes;
  if (count === 2 && one !== undefined) engine.nodes.push({ ...one, swarmId: 'node-2', role: 'worker' });
}

/** Deploys a version that every machine can run. */
async function deployed(project?: Awaited<ReturnType<typeof nexos.project>>, branch = 'main') {
  const deployment = await nexos.deploy(project ?? (await nexos.project()), { imageNodeId: null, branch });
  expect(deployment.status).toBe('live');
  return deployment;
}

/** Makes everything what a release without bridges left on a single machine. */
function age(): void {
  for (const service of [...nexos.engine.apps.values(), ...nexos.engine.shared.values()]) {
    service.isOnBridge = false;
  }
  nexos.engine.relays.clear();
}

const relayed = /^[^:]+:\d+:\d+:nexos-memory-[^:]+-relay$/;

/** Costs about 8 s. */
describe('the relay of a project', () => {
  it('starts before a version is routed through it that may run on another machine, and only then', async () => {
    setMachines(2);
    const app = await deployed();
    expect(await nexos.routeOf(app)).toMatch(relayed);
    const { changes } = nexos.engine;
    expect(changes.indexOf('create relay')).toBeGreaterThan(changes.indexOf(`create app ${app.id}`));
    expect(changes.indexOf('create relay')).toBeLessThan(
      changes.findIndex((change) => change.startsWith('route')),
    );
    setMachines(1);
    nexos.engine.changes = [];
    expect(await nexos.routeOf(await deployed())).not.toMatch(relayed);
    expect(nexos.engine.changes).not.toContain('create relay');
  });

  it('stays while apps may run on several machines, and while one is held back between restarts', async () => {
    setMachines(2);
    const app = await deployed();
    expect(await nexos.sweepRelays()).toEqual([]);
    for (const service of nexos.engine.apps.values()) service.replicas = 0;
    await nexos.sweepRelays();
    expect(nexos.engine.relays.size).toBe(1);
    await nexos.act(app.environmentId, `desired_state = 'paused'`);
    await nexos.sweepRelays();
    expect(nexos.engine.relays.size).toBe(0);
  });

  it('goes with the last environment of its project', async () => {
    setMachines(2);
    const app = await deployed();
    await nexos.act(app.environmentId, `desired_state = 'destroyed', status = 'destroying'`);
    expect(await nexos.environment(app)).toMatchObject({ status: 'destroyed' });
    expect(nexos.engine.relays.size).toBe(0);
  });

  it('starts for what an earlier release left, moves it one by one, and goes', async () => {
    const project = await nexos.project();
    const first = await deployed(project);
    const second = await deployed(project, 'other');
    age();
    const moving = await nexos.sweepRelays();
    expect(nexos.engine.relays.size).toBe(1);
    expect(moving).toHaveLength(1);
    const [one, two] = moving[0] === first.environmentId ? [first, second] : [second, first];
    await nexos.move(one);
    expect(await nexos.routeOf(one)).not.toMatch(relayed);
    // Its old service drains.
    expect(await nexos.sweepRelays()).toEqual([]);
    await nexos.move(one);
    expect(await nexos.sweepRelays()).toEqual([two.environmentId]);
    expect(nexos.engine.relays.size).toBe(1);
    for (let step = 0; step < 2; step++) await nexos.move(two);
    expect(await nexos.sweepRelays()).toEqual([]);
    expect(nexos.engine.relays.size).toBe(0);
    expect([...nexos.engine.apps.values()].map(({ isOnBridge }) => isOnBridge)).toEqual([true, true]);
  });

  it('keeps serving a version that cannot be moved, which holds up no other and is tried again later', async () => {
    const project = await nexos.project();
    const apps = [await deployed(project), await deployed(project, 'other')];
    age();
    const [stuck = ''] = await nexos.sweepRelays();
    nexos.engine.fate = 'does not answer';
    await nexos.move({ environmentId: stuck });
    nexos.engine.fate = 'answers';
    const other = apps.find(({ environmentId }) => environmentId !== stuck);
    expect(await nexos.sweepRelays()).toEqual([other?.environmentId]);
    for (let step = 0; step < 2; step++) await nexos.move({ environmentId: other?.environmentId ?? '' });
    expect(await nexos.sweepRelays()).toEqual([]);
    expect(await nexos.environment({ environmentId: stuck })).toMatchObject({
      status: 'running',
      error: null,
    });
    expect(nexos.engine.relays.size).toBe(1);

    const fail = (failures: number, seconds: number) =>
      nexos.database.dataSource.query(
        `UPDATE deployments SET move_failures = $2, move_error_at = now() - make_interval(secs => $3)
         WHERE environment_id = $1`,
        [stuck, failures, seconds],
      );
    await fail(1, 61);
    expect(await nexos.sweepRelays()).toEqual([stuck]);
    await fail(3, 200);
    expect(await nexos.sweepRelays()).toEqual([]);
    await fail(30, 3_601);
    expect(await nexos.sweepRelays()).toEqual([stuck]);
  });

  it('is there for a bucket server too, which restarts on the bridge once nothing else needs the relay', async () => {
    const project = await nexos.project();
    const app = await deployed(project);
    const spec = {
      ...{
        projectId: project.id,
        kind: 's3',
        nodeId: 'node-1',
        isBehindIngress: true,
        image: 'sha256:s3',
        env: {},
      },
      ...{ volumeSuffix: null, mountPath: '/data', cpu: 1, memoryMb: 64, stopGraceSeconds: 1 },
    };
    const name = sharedServiceName(INSTANCE, project.id, 's3');
    nexos.engine.shared.set(name, { spec, replicas: 1, isOnBridge: true });
    age();
    nexos.engine.changes = [];
    expect(await nexos.sweepRelays()).toEqual([app.environmentId]);
    expect(nexos.engine.changes).toEqual(['create relay']);
    for (let step = 0; step < 2; step++) await nexos.move(app);
    await nexos.sweepRelays();
    await nexos.sweepRelays();
    expect(nexos.engine.changes.slice(-2)).toEqual(['restart s3', 'remove relay']);
  });

  it('is not needed for what rests, which joins the bridge when it starts', async () => {
    const app = await deployed();
    await nexos.act(app.environmentId, `desired_state = 'paused'`);
    age();
    expect(await nexos.sweepRelays()).toEqual([]);
    expect(nexos.engine.relays.size).toBe(0);
    await nexos.act(app.environmentId, `desired_state = 'running'`);
    expect(await nexos.routeOf(app)).not.toMatch(relayed);
    expect(nexos.engine.relays.size).toBe(0);
  });
});
