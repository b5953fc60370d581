import type { JobEnd } from '@nexos/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

const HOOKS = { on_deploy: ['migrate'], on_new: ['fill'] };

let nexos: LifecycleInMemory;
beforeAll(async () => {
  nexos = await LifecycleInMemory.start(inject('system'));
});
beforeEach(() => nexos.engine.reset());
afterAll(() => nexos.stop());

const changes = () => nexos.engine.changes.filter((change) => /^(run|create app|remove app)/.test(change));

describe('deployment hooks', () => {
  it('runs on_deploy and then on_new before the app is created, and on_new once per environment', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project, { hooks: HOOKS });
    expect(changes()).toEqual(['run deploy', 'run new', `create app ${first.id}`]);
    nexos.engine.reset();
    const second = await nexos.deploy(project, { hooks: HOOKS });
    expect(changes()).toEqual(['run deploy', `create app ${second.id}`, `remove app ${first.id}`]);
    expect(nexos.engine.jobs).toEqual([]);
    nexos.engine.reset();
    const elsewhere = await nexos.deploy(project, { hooks: HOOKS, branch: 'other' });
    expect(changes()).toEqual(['run deploy', 'run new', `create app ${elsewhere.id}`]);
  });

  it.each<[kind: string, end: JobEnd, code: string, message: RegExp]>([
    ['deploy', { kind: 'exited', code: 3 }, 'hook_failed', /^The hook on_deploy exited with code 3/],
    ['new', { kind: 'exited', code: 1 }, 'hook_failed', /^The hook on_new exited with code 1/],
    ['deploy', { kind: 'timed-out', lastState: 'running' }, 'hook_failed', /did not finish within 600 s/],
    ['deploy', { kind: 'not-started', reason: 'No such image' }, 'hook_failed', /could not be started/],
    ['new', { kind: 'not-started', reason: 'no space left on device' }, 'disk_full', /the hook on_new/],
  ])('fails the version and creates no app: hook %s, %j, code %s', async (kind, end, code, message) => {
    const project = await nexos.project();
    nexos.engine.jobEnds = (spec) => (spec.kind === kind ? end : { kind: 'exited', code: 0 });
    const failed = await nexos.deploy(project, { hooks: HOOKS });
    expect(failed).toMatchObject({ status: 'failed', code });
    expect(failed.message).toMatch(message);
    expect(changes().filter((change) => change.startsWith('create app'))).toEqual([]);
    expect(nexos.engine.jobs).toEqual([]);
  });

  it('keeps the live version when a hook fails', async () => {
    const project = await nexos.project();
    const live = await nexos.deploy(project);
    nexos.engine.jobEnds = () => ({ kind: 'exited', code: 3 });
    expect(await nexos.deploy(project, { hooks: HOOKS })).toMatchObject({ code: 'hook_failed' });
    expect(await nexos.environment(live)).toMatchObject({ status: 'running', live: live.id });
  });

  it('runs the hooks again with the next version after on_new has failed', async () => {
    const project = await nexos.project();
    nexos.engine.jobEnds = ({ kind }) => ({ kind: 'exited', code: kind === 'new' ? 1 : 0 });
    expect(await nexos.deploy(project, { hooks: HOOKS })).toMatchObject({ code: 'hook_failed' });
    nexos.engine.reset();
    const next = await nexos.deploy(project, { hooks: HOOKS });
    expect(changes()).toEqual(['run deploy', 'run new', `create app ${next.id}`]);
  });

  it('does not count the time of hooks as time until the app was healthy', async () => {
    const project = await nexos.project();
    const clock = Date.now;
    nexos.engine.jobEnds = () => {
      vi.spyOn(Date, 'now').mockImplementation(() => clock() + 300_000);
      return { kind: 'exited', code: 0 };
    };
    const deployed = await nexos.deploy(project, { hooks: { on_deploy: ['migrate'] } });
    vi.restoreAllMocks();
    const log = await nexos.log(deployed);
    expect(log).toContainEqual(expect.stringMatching(/^on_deploy: done in 30\d\.\d s$/));
    expect(log).toContainEqual(expect.stringMatching(/^healthy after \d\.\d s;/));
  });

  it('does not repeat hooks that ended before their worker died', async () => {
    const project = await nexos.project();
    const built = await nexos.built(project, { hooks: HOOKS });
    nexos.engine.before = (change) => {
      nexos.engine.isUnreachable = change.startsWith('create app');
      return Promise.resolve();
    };
    await expect(nexos.reconcile(built)).rejects.toThrow('does not answer');
    expect(changes()).toEqual(['run deploy', 'run new']);
    nexos.engine.reset();
    await nexos.reconcile(built);
    expect(await nexos.deployment(built)).toMatchObject({ status: 'live' });
    expect(changes()).toEqual([`create app ${built.id}`]);
  });

  it('runs on_new with the first version that has it, once', async () => {
    const project = await nexos.project();
    await nexos.deploy(project);
    expect(changes()).not.toContain('run new');
    nexos.engine.reset();
    const second = await nexos.deploy(project, { hooks: HOOKS });
    expect(changes().slice(0, 3)).toEqual(['run deploy', 'run new', `create app ${second.id}`]);
    nexos.engine.reset();
    await nexos.deploy(project, { hooks: HOOKS });
    expect(changes()).not.toContain('run new');
  });

  it('restores the seed of the first version that has one, once, whether or not on_new has run', async () => {
    const project = await nexos.project();
    const services = { postgres: {} };
    const seedImageId = `sha256:${'5'.repeat(64)}`;
    const hookRuns = () => changes().filter((change) => /^run (seed|deploy|new)/.test(change));
    await nexos.deploy(project, { hooks: HOOKS, services });
    expect(hookRuns()).toEqual(['run deploy', 'run new']);
    nexos.engine.reset();
    nexos.engine.jobEnds = ({ kind }) => ({ kind: 'exited', code: kind === 'seed' ? 1 : 0 });
    await nexos.deploy(project, { hooks: HOOKS, services, seedImageId });
    expect(hookRuns()).toEqual(['run seed']);
    nexos.engine.reset();
    await nexos.deploy(project, { hooks: HOOKS, services, seedImageId });
    expect(hookRuns()).toEqual(['run seed', 'run deploy']);
    nexos.engine.reset();
    await nexos.deploy(project, { hooks: HOOKS, services, seedImageId });
    expect(hookRuns()).toEqual(['run deploy']);
  });

  it('runs no hooks on a rollback, except on_rollback of the version that it goes back to', async () => {
    const project = await nexos.project();
    const images = ['1', '2', '3'].map((digit) => `sha256:${digit.repeat(64)}`);
    const [one = '', two = '', three = ''] = images;
    const { environmentId } = await nexos.deploy(project, { imageId: one });
    await nexos.deploy(project, { imageId: two, hooks: { ...HOOKS, on_rollback: ['undo'] } });
    await nexos.deploy(project, { imageId: three, hooks: { on_deploy: ['migrate'] } });
    const seen: unknown[] = [];
    nexos.engine.jobEnds = ({ kind, command, image }) => {
      seen.push({ kind, command, image });
      return { kind: 'exited', code: 0 };
    };
    expect(await nexos.rollBack({ environmentId })).toMatchObject({ status: 'live' });
    expect(seen).toEqual([{ kind: 'rollback', command: ['undo'], image: two }]);
    expect(await nexos.rollBack({ environmentId })).toMatchObject({ status: 'live' });
    expect(seen).toHaveLength(1);
  });

  it('runs the hooks for a database that was reset although the version was rolled back to', async () => {
    const project = await nexos.project();
    const services = { postgres: {} };
    await nexos.deploy(project, { imageId: `sha256:${'1'.repeat(64)}`, hooks: HOOKS, services });
    const later = await nexos.deploy(project, { imageId: `sha256:${'2'.repeat(64)}`, services });
    const rolledBack = await nexos.rollBack(later);
    nexos.engine.reset();
    await nexos.act(later.environmentId, 'database_generation = database_generation + 1');
    expect(changes()).toEqual(expect.arrayContaining(['run deploy', 'run new']));
    expect(await nexos.environment(later)).toMatchObject({ live: rolledBack.id, isSettled: true });
  });

  it('runs hooks with an image of their own version and memory of their own, on the node that has it', async () => {
    const project = await nexos.project();
    const seen: unknown[] = [];
    nexos.engine.jobEnds = ({ image, nodeId, command, run, memoryMb }) => {
      seen.push({ image, nodeId, command, run, memoryMb });
      return { kind: 'exited', code: 0 };
    };
    await nexos.deploy(project, { hooks: { on_deploy: ['migrate', '--now'] } });
    expect(seen).toEqual([
      {
        image: `sha256:${'1'.repeat(64)}`,
        nodeId: 'node-1',
        command: ['migrate', '--now'],
        run: 'database-0',
        memoryMb: 1024,
      },
    ]);
    const hookImageId = `sha256:${'4'.repeat(64)}`;
    await nexos.deploy(project, {
      hooks: { on_deploy: ['migrate'], memory: 64, target: 'tools' },
      hookImageId,
    });
    expect(seen[1]).toMatchObject({ image: hookImageId, nodeId: 'node-1', memoryMb: 64 });
  });
});
