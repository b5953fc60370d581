import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

const ONE = `sha256:${'1'.repeat(64)}`;
const TWO = `sha256:${'2'.repeat(64)}`;

let nexos: LifecycleInMemory;
beforeAll(async () => {
  nexos = await LifecycleInMemory.start(inject('system'));
});
beforeEach(() => nexos.engine.reset());
afterAll(() => nexos.stop());

/** Runs a command, and returns its outcome with the image that it ran in. */
async function run(environment: { environmentId: string }, command?: string[]) {
  let image: string | undefined;
  const { jobEnds } = nexos.engine;
  nexos.engine.jobEnds = (spec) => {
    if (spec.kind === 'run') ({ image } = spec);
    return jobEnds(spec);
  };
  const outcome = await nexos.runCommand(await nexos.queueCommand(environment, command));
  return { ...outcome, image };
}
const serversUp = () => [...nexos.engine.shared.values()].filter(({ replicas }) => replicas > 0).length;

describe('a command where no version has gone live', () => {
  it('runs in the image of the last version that failed, with its services, which stop again', async () => {
    const project = await nexos.project();
    nexos.engine.jobEnds = ({ kind }) => ({ kind: 'exited', code: kind === 'deploy' ? 3 : 0 });
    const services = { postgres: {} };
    const hooks = { on_deploy: ['migrate'] };
    await nexos.deploy(project, { hooks, services, imageId: ONE });
    const failed = await nexos.deploy(project, { hooks, services, imageId: TWO });
    expect(failed).toMatchObject({ status: 'failed', code: 'hook_failed' });
    await nexos.reconcile(failed);
    expect(serversUp()).toBe(0);
    const queued = await nexos.queueCommand(failed);
    expect(await run(failed)).toMatchObject({ status: 'exited', exitCode: 0, image: TWO });
    expect(serversUp()).toBe(1);
    expect(await nexos.runCommand(queued)).toMatchObject({ status: 'exited' });
    expect(serversUp()).toBe(0);
    nexos.engine.reset();
    const live = await nexos.deploy(project, { hooks, services, imageId: ONE });
    expect(live).toMatchObject({ status: 'live' });
    expect(await run(failed)).toMatchObject({ image: ONE });
  });

  it('is refused while there is no image', async () => {
    const built = await nexos.built(await nexos.project());
    await expect(nexos.queueCommand(built)).rejects.toThrow(
      'No version of the environment has gone live yet',
    );
  });
});

describe('a command of a service that the version does not have', () => {
  it('says so unless the image of the version has the program', async () => {
    const deployed = await nexos.deploy(await nexos.project());
    nexos.engine.jobEnds = () => ({ kind: 'exited', code: 127 });
    expect(await run(deployed, ['redis-cli', 'ping'])).toMatchObject({
      status: 'failed',
      code: 'service_missing',
    });
    expect(await run(deployed, ['psql', '$DATABASE_URL'])).toMatchObject({ code: 'service_missing' });
    expect(await run(deployed, ['missing'])).toMatchObject({ status: 'exited', exitCode: 127 });
    nexos.engine.jobEnds = () => ({ kind: 'exited', code: 0 });
    expect(await run(deployed, ['redis-cli', 'ping'])).toMatchObject({ status: 'exited', exitCode: 0 });
  });
});
