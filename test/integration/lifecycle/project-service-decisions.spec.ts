import { EngineNotFoundError } from '@nexos/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

const REDIS = { services: { redis: {} } };

let nexos: LifecycleInMemory;
beforeAll(async () => {
  nexos = await LifecycleInMemory.start(inject('system'));
});
beforeEach(() => nexos.engine.reset());
afterAll(() => nexos.stop());

const changes = () => nexos.engine.changes.filter((change) => /redis|volume/.test(change));
const shared = ({ id }: { id: string }) =>
  [...nexos.engine.shared.values()]
    .filter(({ spec }) => spec.projectId === id)
    .map(({ spec, replicas }) => `${spec.kind} ${replicas}`);

describe('project services', () => {
  it('starts the services of a project once and provisions a part for each environment', async () => {
    const project = await nexos.project();
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ status: 'live' });
    expect(changes()).toEqual(['create redis', 'run redis']);
    nexos.engine.reset();
    expect(await nexos.deploy(project, { ...REDIS, branch: 'other' })).toMatchObject({ status: 'live' });
    expect(changes()).toEqual(['run redis']);
    nexos.engine.reset();
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ status: 'live' });
    expect(changes()).toEqual([]);
    expect(shared(project)).toEqual(['redis 1']);
  });

  it('stops services when the last environment is paused and starts them with the first that is resumed', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, REDIS);
    const other = await nexos.deploy(project, { ...REDIS, branch: 'other' });
    await nexos.act(main.environmentId, `desired_state = 'paused'`);
    expect(shared(project)).toEqual(['redis 1']);
    await nexos.act(other.environmentId, `desired_state = 'paused'`);
    expect(shared(project)).toEqual(['redis 0']);
    await nexos.act(main.environmentId, `desired_state = 'running'`);
    expect(shared(project)).toEqual(['redis 1']);
    expect(await nexos.environment(main)).toMatchObject({ status: 'running' });
  });

  it('removes services with the last environment, and then their volumes', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, REDIS);
    const other = await nexos.deploy(project, { ...REDIS, branch: 'other' });
    nexos.engine.reset();
    await nexos.act(other.environmentId, `desired_state = 'destroyed', status = 'destroying'`);
    expect(changes()).toEqual(['run redis']);
    expect(shared(project)).toEqual(['redis 1']);
    nexos.engine.reset();
    await nexos.act(main.environmentId, `desired_state = 'destroyed', status = 'destroying'`);
    expect(changes()).toEqual(['remove redis', 'remove volume']);
    expect(shared(project)).toEqual([]);
    expect(nexos.engine.networks.has(project.id)).toBe(false);
  });

  it('stops services after the first version has failed and starts them for the next one', async () => {
    const project = await nexos.project();
    nexos.engine.fate = 'exits';
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ status: 'failed' });
    expect(shared(project)).toEqual(['redis 0']);
    nexos.engine.reset();
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ status: 'live' });
    expect(shared(project)).toEqual(['redis 1']);
  });

  it('removes a service that does not start for its first user and recreates it for the next', async () => {
    const project = await nexos.project();
    const live = await nexos.deploy(project);
    nexos.engine.jobEnds = () => ({ kind: 'timed-out', lastState: 'running' });
    const failed = await nexos.deploy(project, REDIS);
    expect(failed).toMatchObject({ status: 'failed', code: 'service_not_ready' });
    expect(failed.message).toMatch(/^The project's Redis server did not answer within \d+ s: it is running/);
    expect(await nexos.environment(live)).toMatchObject({ status: 'running', live: live.id });
    expect(changes()).toContain('remove volume');
    nexos.engine.reset();
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ status: 'live' });
    expect(changes()).toEqual(['create redis', 'run redis']);
  });

  it('abandons services on a node that has left the Swarm and does not start them elsewhere', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, REDIS);
    nexos.engine.nodes = [];
    nexos.engine.changes = [];
    const failed = await nexos.deploy(project, REDIS);
    expect(failed).toMatchObject({ status: 'failed', code: 'service_not_ready' });
    expect(failed.message).toContain('is no longer part of the Swarm');
    expect(changes()).toEqual([]);
    await nexos.act(main.environmentId, `desired_state = 'destroyed', status = 'destroying'`);
    expect(await nexos.environment(main)).toMatchObject({ status: 'destroyed', error: null });
  });

  it('fails a reset with a reason, but not a destroy, when the node of the services has left the Swarm', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, { services: { postgres: {} } });
    nexos.engine.nodes = [];
    const reset = nexos.act(main.environmentId, 'database_generation = database_generation + 1');
    await expect(reset).rejects.toThrow('is no longer part of the Swarm');
    expect(await nexos.environment(main)).toMatchObject({ error: 'service_not_ready' });
    await nexos.act(main.environmentId, `desired_state = 'destroyed', status = 'destroying'`);
    expect(await nexos.environment(main)).toMatchObject({ status: 'destroyed', error: null });
  });

  it.each([
    ['down', { state: 'down' }],
    ['drained', { availability: 'drain' }],
  ])('fails a deployment at once when the node of its services is %s', async (word, change) => {
    const project = await nexos.project();
    await nexos.deploy(project, REDIS);
    nexos.engine.nodes = nexos.engine.nodes.map((node) => ({ ...node, ...change }));
    const failed = await nexos.deploy(project, { ...REDIS, branch: 'other' });
    expect(failed).toMatchObject({ status: 'failed', code: 'service_not_ready' });
    expect(failed.message).toContain(`The node that holds the Redis data is ${word},`);
  });

  it('says that the node has too little memory when a service waits for room on it', async () => {
    const project = await nexos.project();
    nexos.engine.hasRoomForServices = false;
    nexos.engine.jobEnds = () => ({ kind: 'timed-out', lastState: 'pending' });
    const failed = await nexos.deploy(project, REDIS);
    expect(failed).toMatchObject({ status: 'failed', code: 'no_capacity' });
    expect(failed.message).toContain("too little unreserved memory to start the project's Redis server");
  });

  it('fails at once when the node of its services takes no new work', async () => {
    const project = await nexos.project();
    await nexos.deploy(project, REDIS);
    nexos.engine.nodes = nexos.engine.nodes.map((node) => ({ ...node, availability: 'pause' }));
    const failed = await nexos.deploy(project, { ...REDIS, branch: 'other' });
    expect(failed).toMatchObject({ status: 'failed', code: 'service_not_ready' });
    expect(failed.message).toContain('The node that holds the Redis data takes no new work');
  });

  it('names the setting for the operator to change when the image of a service is not available', async () => {
    const project = await nexos.project();
    nexos.engine.refuses = (change) => {
      if (change.startsWith('pull')) throw new EngineNotFoundError('no such image');
    };
    const failed = await nexos.deploy(project, REDIS);
    expect(failed).toMatchObject({ status: 'failed', code: 'service_not_ready' });
    expect(failed.message).toContain('SERVICE_REDIS_IMAGE');
    expect(shared(project)).toEqual([]);
  });

  it('fails a deployment with services until the node is in a Swarm', async () => {
    const project = await nexos.project();
    nexos.engine.nodeId = null;
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ code: 'service_not_ready' });
    nexos.engine.reset();
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ status: 'live' });
  });
});
