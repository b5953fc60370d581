import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';
import { MANAGER, RemovableWorker, WORKER } from './removable-worker.js';

let swarm: RemovableWorker;
let nexos: LifecycleInMemory;
beforeAll(async () => {
  swarm = await RemovableWorker.start(inject('system'));
  ({ nexos } = swarm);
});
beforeEach(() => swarm.reset());
afterAll(() => nexos.stop());

describe('the removal of a node', () => {
  it('pauses the node, starts each app elsewhere, moves its route, and only then drains the node', async () => {
    const app = await swarm.deployed();
    const other = await swarm.deployed();
    await swarm.request();
    nexos.engine.changes = [];
    await nexos.observeNodes();
    expect(nexos.engine.changes).toEqual(['pause node-2']);
    await nexos.observeNodes();
    expect(await swarm.reasons()).toEqual(Array(2).fill('It is being moved to another node.'));
    await nexos.move(app);
    expect(nexos.engine.changes).toEqual(['pause node-2', `copy app ${app.id}`, `route ${app.hostname}`]);
    await swarm.remove(app, other);
    expect(swarm.nodeChanges()).toEqual(['pause node-2', 'drain node-2', 'remove node node-2']);
    const name = (id: string) => `nexos-memory-${id.replaceAll('_', '-')}-1`;
    expect(swarm.services().sort()).toEqual([app, other].map(({ id }) => [name(id), MANAGER]).sort());
    expect(nexos.engine.routes.get(app.hostname)).toMatch(name(app.id));
    expect((await swarm.node()).removedAt).not.toBeNull();
    expect(await nexos.environment(app)).toMatchObject({ status: 'running', error: null });
  });

  it('does not take the room that a version claimed before its hooks ran', async () => {
    const app = await swarm.deployed();
    await swarm.request();
    for (let turn = 0; turn < 2; turn++) await nexos.observeNodes();
    // Each takes 512.
    nexos.engine.memoryMb = 1_100;
    nexos.engine.changes = [];
    nexos.engine.before = async (change) => {
      if (!change.startsWith('run deploy')) return;
      nexos.engine.before = () => Promise.resolve();
      await nexos.move(app);
    };
    const other = await nexos.deploy(await nexos.project(), { hooks: { on_deploy: ['migrate'] } });
    expect(other).toMatchObject({ status: 'live' });
    expect(nexos.engine.changes).not.toContain(`copy app ${app.id}`);
    expect(await nexos.environment(app)).toMatchObject({ status: 'running', live: app.id });
    nexos.engine.memoryMb = 1_600;
    await nexos.move(app);
    expect(nexos.engine.changes).toContain(`copy app ${app.id}`);
  });

  it.each(Array.from({ length: 7 }, (_, index) => index))(
    'continues after a worker died before change %i of a move',
    async (fatal) => {
      const app = await swarm.deployed();
      await swarm.request();
      let count = 0;
      nexos.engine.before = () =>
        count++ === fatal ? Promise.reject(new Error('killed')) : Promise.resolve();
      for (let turn = 0; turn < 12; turn++) {
        await nexos.observeNodes().catch(() => undefined);
        await nexos.move(app).catch(() => undefined);
      }
      expect(nexos.engine.nodes.map(({ swarmId }) => swarmId)).toEqual([MANAGER]);
      expect(swarm.services()).toHaveLength(1);
      expect(swarm.services()[0]?.[1]).toBe(MANAGER);
      expect(nexos.engine.routes.get(app.hostname)).toContain(swarm.services()[0]?.[0]);
    },
  );

  it('continues after a worker died between the route and the commit', async () => {
    const app = await swarm.deployed();
    await swarm.request();
    await nexos.observeNodes();
    swarm.dieAfterRoute();
    await expect(nexos.move(app)).rejects.toThrow('killed');
    await swarm.remove(app);
    expect(swarm.services()).toHaveLength(1);
    expect(nexos.engine.routes.get(app.hostname)).toContain(swarm.services()[0]?.[0]);
  });

  it('waits with the reason when no other node has room, and the app keeps running where it is', async () => {
    const app = await swarm.deployed();
    const route = nexos.engine.routes.get(app.hostname);
    await swarm.request();
    await nexos.observeNodes();
    nexos.engine.fate = 'finds no node';
    await nexos.move(app);
    for (let turn = 0; turn < 3; turn++) await nexos.observeNodes();
    expect(await swarm.reasons()).toEqual([
      expect.stringMatching(/^No node had room for 0.5 CPU and 512 MiB/),
    ]);
    expect((await swarm.node()).remaining).toMatchObject([{ environmentId: app.environmentId }]);
    expect(swarm.nodeChanges()).toEqual(['pause node-2']);
    expect(nexos.engine.routes.get(app.hostname)).toBe(route);
    expect(swarm.services()).toEqual([[expect.any(String), WORKER]]);
    expect(await nexos.environment(app)).toMatchObject({ status: 'running', error: null });

    nexos.engine.fate = 'answers';
    await swarm.remove(app);
    expect((await swarm.node()).removedAt).not.toBeNull();
    expect(await swarm.reasons()).toEqual([]);
  });

  it('gives a move up when a new version is wanted meanwhile, which then runs on another node', async () => {
    const project = await nexos.project();
    const old = await nexos.deploy(project, { imageNodeId: null });
    await swarm.request();
    await nexos.observeNodes();
    nexos.engine.fate = 'does not answer';
    let next: Awaited<ReturnType<typeof nexos.built>> | undefined;
    nexos.engine.before = async (change) => {
      if (change.startsWith('copy')) next = await nexos.built(project, { imageNodeId: null });
    };
    await nexos.move(old);
    nexos.engine.fate = 'answers';
    await nexos.reconcile(old);
    expect(await nexos.environment(old)).toMatchObject({ status: 'running', live: next?.id });
    expect(swarm.services()).toEqual([[expect.stringContaining(next?.id.slice(5) ?? 'none'), MANAGER]]);
  });

  it('leaves a paused environment alone, which resumes on another node', async () => {
    const app = await swarm.deployed();
    await nexos.act(app.environmentId, `desired_state = 'paused'`);
    await swarm.request();
    await swarm.remove(app);
    expect(swarm.nodeChanges()).toEqual(['pause node-2', 'drain node-2', 'remove node node-2']);
    await nexos.act(app.environmentId, `desired_state = 'running'`);
    expect(await nexos.environment(app)).toMatchObject({ status: 'running', error: null });
  });

  it('removes both services of a version that was moved and then replaced', async () => {
    const project = await nexos.project();
    const old = await nexos.deploy(project, { imageNodeId: null });
    await swarm.request();
    await nexos.observeNodes();
    await nexos.move(old);
    expect(swarm.services()).toHaveLength(2);
    const next = await nexos.deploy(project, { imageNodeId: null });
    expect(swarm.services()).toEqual([[expect.stringContaining(next.id.slice(5)), MANAGER]]);
  });
});

describe('a cancelled removal', () => {
  it('lets the node take work again, and removes what an unfinished move left', async () => {
    const app = await swarm.deployed();
    await swarm.request();
    await nexos.observeNodes();
    nexos.engine.before = (change) =>
      change.startsWith('route') || nexos.engine.apps.size > 1
        ? Promise.reject(new Error('killed'))
        : Promise.resolve();
    const { routes } = nexos.engine;
    const set = routes.set.bind(routes);
    routes.set = () => {
      routes.set = set;
      throw new Error('killed');
    };
    await expect(nexos.move(app)).rejects.toThrow('killed');
    expect(swarm.services()).toHaveLength(2);
    nexos.engine.before = () => Promise.resolve();

    expect(await swarm.removals.cancel((await swarm.node()).id)).toBe(true);
    await nexos.observeNodes();
    await nexos.observeNodes();
    expect(swarm.nodeChanges()).toEqual(['pause node-2', 'active node-2']);
    expect(await swarm.node()).toMatchObject({
      removalRequestedAt: null,
      activationRequestedAt: null,
      availability: 'active',
    });
    await nexos.move(app);
    expect(swarm.services()).toEqual([[expect.any(String), WORKER]]);
    expect(routes.get(app.hostname)).toContain(swarm.services()[0]?.[0]);
  });

  it('stops a removal even while a worker is about to take its next step', async () => {
    await swarm.request();
    await nexos.observeNodes();
    let isCancelled: Promise<boolean> | undefined;
    const { id } = await swarm.node();
    nexos.engine.before = (change) => {
      // Waits for the row, so that it is cancelled after this step or not at all.
      if (change.startsWith('drain')) isCancelled = swarm.removals.cancel(id);
      return Promise.resolve();
    };
    await nexos.observeNodes();
    expect(await isCancelled).toBe(true);
    await nexos.observeNodes();
    await nexos.observeNodes();
    expect(swarm.nodeChanges()).toEqual(['pause node-2', 'drain node-2', 'active node-2']);
    expect(nexos.engine.nodes).toHaveLength(2);
  });
});
