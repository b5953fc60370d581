import type { SwarmNode } from '@nexos/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { StaysUp } from '../../../apps/lifecycle/src/rollout/stays-up.js';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

// Its image is in a registry, so that every node can run the app.
const POSTGRES = { services: { postgres: {} }, imageNodeId: null };
const NO_ROOM =
  /^The node that holds the Postgres data has too little unreserved memory .* Nexos keeps trying\.$/;

let nexos: LifecycleInMemory;
beforeAll(async () => {
  vi.spyOn(StaysUp.prototype, 'observe').mockImplementation(([newest]) => newest?.state === 'running');
  nexos = await LifecycleInMemory.start(inject('system'));
});
beforeEach(() => {
  nexos.engine.reset();
  nexos.engine.apps.clear();
  nexos.engine.shared.clear();
});
afterAll(() => {
  vi.restoreAllMocks();
  return nexos.stop();
});

/** Resumes an environment whose app needs a Postgres that finds no room. */
async function failedForRoom() {
  const main = await nexos.deploy(await nexos.project(), POSTGRES);
  await nexos.act(main.environmentId, `desired_state = 'paused'`);
  nexos.engine.hasRoomForServices = false;
  nexos.engine.jobEnds = () => ({ kind: 'timed-out', lastState: 'pending' });
  nexos.engine.fate = 'exits';
  await nexos.act(main.environmentId, `desired_state = 'running'`);
  expect(await nexos.environment(main)).toMatchObject({ status: 'failed', failure: 'no_capacity' });
  nexos.engine.changes = [];
  return main;
}

async function tryAgain(main: { readonly environmentId: string }) {
  await nexos.letBackOffPass(main);
  await nexos.reconcile(main);
  return nexos.environment(main);
}

describe("room for a project's service", () => {
  it('is looked for once by each further attempt, which waits for nothing and starts nothing', async () => {
    const main = await failedForRoom();
    for (let attempt = 0; attempt < 2; attempt++) {
      const { status, failure, message } = await tryAgain(main);
      expect([status, failure]).toEqual(['failed', 'no_capacity']);
      expect(message).toMatch(NO_ROOM);
    }
    expect(nexos.engine.changes).toEqual([]);
    expect(await nexos.isRetryDue(main)).toBe(false);
  });

  it('is reckoned for a service that is stopped', async () => {
    const main = await failedForRoom();
    for (const service of nexos.engine.shared.values()) service.replicas = 0;
    nexos.engine.memoryMb = 10;
    expect((await tryAgain(main)).message).toMatch(NO_ROOM);
    expect(nexos.engine.changes).toEqual([]);
  });

  it.each([
    ['is down', (node: SwarmNode) => [{ ...node, state: 'down' }]],
    ['is drained', (node: SwarmNode) => [{ ...node, availability: 'drain' }]],
    ['is no longer part of the Swarm', () => []],
  ])('is not what is missing when the node that holds the data %s', async (problem, change) => {
    const main = await failedForRoom();
    for (const service of nexos.engine.shared.values()) service.replicas = 0;
    const [node] = nexos.engine.nodes;
    if (node === undefined) throw new Error('there is no node');
    nexos.engine.nodes = [{ ...node, swarmId: 'node-2' }, ...change(node)];
    const { failure, message } = await tryAgain(main);
    expect(failure).toBe('service_not_ready');
    expect(message).toContain(`The node that holds the Postgres data ${problem}`);
  });

  it('has the environment started once there is some, after the service answers', async () => {
    const main = await failedForRoom();
    nexos.engine.reset();
    expect(await tryAgain(main)).toMatchObject({ status: 'running', failure: null });
    expect(nexos.engine.changes[0]).toBe('run postgres');
  });
});
