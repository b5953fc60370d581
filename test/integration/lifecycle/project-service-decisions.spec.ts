import { EngineNotFoundError } from '@nexos/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

const REDIS = { services: { redis: {} } };

let nexos: LifecycleInMemory;
beforeAll(async () => {
  nexos = await LifecycleInMemory.start(inject('system'));
});
beforeEach(() => nexos.engine.beWell());
afterAll(() => nexos.stop());

const changes = () => nexos.engine.changes.filter((change) => /redis|volume/.test(change));
const shared = ({ id }: { id: string }) =>
  [...nexos.engine.shared.values()]
    .filter(({ spec }) => spec.projectId === id)
    .map(({ spec, replicas }) => `${spec.kind} ${replicas}`);

describe('the services of a project', () => {
  it('are started once, and each environment has a part of them made', async () => {
    const project = await nexos.project();
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ status: 'live' });
    expect(changes()).toEqual(['create redis', 'run redis']);
    nexos.engine.beWell();
    expect(await nexos.deploy(project, { ...REDIS, branch: 'other' })).toMatchObject({ status: 'live' });
    expect(changes()).toEqual(['run redis']);
    nexos.engine.beWell();
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ status: 'live' });
    expect(changes()).toEqual([]);
    expect(shared(project)).toEqual(['redis 1']);
  });

  it('rest when the last environment is paused, and run again with the first that is resumed', async () => {
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

  it('go with the last environment, and their volumes after them', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, REDIS);
    const other = await nexos.deploy(project, { ...REDIS, branch: 'other' });
    nexos.engine.beWell();
    await nexos.act(other.environmentId, `desired_state = 'destroyed', status = 'destroying'`);
    expect(changes()).toEqual(['run redis']);
    expect(shared(project)).toEqual(['redis 1']);
    nexos.engine.beWell();
    await nexos.act(main.environmentId, `desired_state = 'destroyed', status = 'destroying'`);
    expect(changes()).toEqual(['remove redis', 'remove volume']);
    expect(shared(project)).toEqual([]);
    expect(nexos.engine.networks.has(project.id)).toBe(false);
  });

  it('rest once its first version has failed, and are there for the next one', async () => {
    const project = await nexos.project();
    nexos.engine.fate = 'exits';
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ status: 'failed' });
    expect(shared(project)).toEqual(['redis 0']);
    nexos.engine.beWell();
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ status: 'live' });
    expect(shared(project)).toEqual(['redis 1']);
  });

  it('that do not come up for the first who asks are taken away, and made again for the next', async () => {
    const project = await nexos.project();
    const live = await nexos.deploy(project);
    nexos.engine.jobEnds = () => ({ kind: 'timed-out', lastState: 'running' });
    const failed = await nexos.deploy(project, REDIS);
    expect(failed).toMatchObject({ status: 'failed', code: 'service_not_ready' });
    expect(failed.message).toMatch(/^The project's Redis server did not answer within \d+ s: it is running/);
    expect(await nexos.environment(live)).toMatchObject({ status: 'running', live: live.id });
    expect(changes()).toContain('remove volume');
    nexos.engine.beWell();
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ status: 'live' });
    expect(changes()).toEqual(['create redis', 'run redis']);
  });

  it('are given up with a machine that is gone for good, and come up nowhere else', async () => {
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

  it('on a machine that is gone keep a reset from being done, which says why, and not a destroy', async () => {
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
  ])('on a machine that is %s fail who needs them at once', async (word, change) => {
    const project = await nexos.project();
    await nexos.deploy(project, REDIS);
    nexos.engine.nodes = nexos.engine.nodes.map((node) => ({ ...node, ...change }));
    const failed = await nexos.deploy(project, { ...REDIS, branch: 'other' });
    expect(failed).toMatchObject({ status: 'failed', code: 'service_not_ready' });
    expect(failed.message).toContain(`The machine that holds the Redis data is ${word}.`);
  });

  it('of which the image cannot be had say by which setting the operator changes it', async () => {
    const project = await nexos.project();
    nexos.engine.refuses = (change) => {
      if (change.startsWith('pull')) throw new EngineNotFoundError('no such image');
    };
    const failed = await nexos.deploy(project, REDIS);
    expect(failed).toMatchObject({ status: 'failed', code: 'service_not_ready' });
    expect(failed.message).toContain('SERVICE_REDIS_IMAGE');
    expect(shared(project)).toEqual([]);
  });

  it('wait for a machine that is in a Swarm', async () => {
    const project = await nexos.project();
    nexos.engine.nodeId = null;
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ code: 'service_not_ready' });
    nexos.engine.beWell();
    expect(await nexos.deploy(project, REDIS)).toMatchObject({ status: 'live' });
  });
});
