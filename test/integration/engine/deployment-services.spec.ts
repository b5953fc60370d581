import { EngineConflictError, EngineForeignError, EngineNotFoundError, serviceName } from '@nexos/engine';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BASE_IMAGE,
  buildOf,
  type EngineFixture,
  engineFixture,
  eventually,
  INSTANCE,
  newOwner,
  rawEngine,
  removeLeftovers,
  type TestOwner,
} from './engine-fixture.js';

let fixture: EngineFixture;
let nodeId: string;
let image: string;
const projectId = newOwner().projectId;

beforeAll(async () => {
  await removeLeftovers();
  fixture = await engineFixture();
  nodeId = await fixture.swarm.ensure();
  await fixture.networks.ensure(projectId);
  const app =
    'echo "hello from $PORT"; echo "warning: ü" >&2; [ "$MODE" = crash ] && exit 7; ' +
    '[ "$MODE" = stubborn ] && trap "" TERM; exec sleep 3600';
  const build = buildOf(`FROM ${BASE_IMAGE}\nCMD ["sh", "-c", "${app.replaceAll('"', '\\"')}"]`);
  image = (await fixture.builder.build(build)).imageId;
});
afterAll(async () => {
  await fixture.close();
  await removeLeftovers();
});

function specOf(owner: TestOwner, env: Record<string, string> = {}) {
  return {
    ...owner,
    projectId,
    image,
    env,
    port: 8080,
    cpu: 0.1,
    memoryMb: 64,
    nodeId,
    stopGraceSeconds: 1,
  };
}

describe('a deployment service', () => {
  it('is created once however often that is asked, runs within its limits, and is removed', async () => {
    const owner = newOwner();
    const names = await Promise.all([1, 2, 3].map(() => fixture.services.create(specOf(owner))));
    expect(new Set(names)).toEqual(new Set([serviceName(INSTANCE, owner.deploymentId)]));
    const [name = ''] = names;
    expect(await fixture.services.listForEnvironment(owner.environmentId)).toMatchObject([
      { name, deploymentId: owner.deploymentId, image, replicas: 1 },
    ]);
    await eventually(
      'the task runs',
      async () => (await fixture.services.tasks(name))[0]?.state === 'running',
    );

    const [task] = await fixture.services.tasks(name);
    expect(task).toMatchObject({ desiredState: 'running', nodeId });
    const container = await rawEngine()
      .getContainer(task?.containerId ?? '')
      .inspect();
    expect(container.HostConfig).toMatchObject({
      NanoCpus: 100_000_000,
      Memory: 64 * 1024 * 1024,
      PidsLimit: 1024,
      Init: true,
      Privileged: false,
      CapAdd: null,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    });
    const made = (await rawEngine().getService(name).inspect()) as Docker.Service;
    expect(made.Spec?.TaskTemplate?.Resources?.Reservations).toMatchObject({
      NanoCPUs: 25_000_000,
      MemoryBytes: 64 * 1024 * 1024,
    });
    expect(container.Mounts).toEqual([]);
    expect(container.Config.Labels).toMatchObject({ 'dev.nexos.deployment': owner.deploymentId });
    await eventually(
      'the log is there',
      async () => (await fixture.services.tailLogs(name, 10)).length === 2,
    );
    expect(await fixture.services.tailLogs(name, 10)).toEqual(
      expect.arrayContaining([
        { stream: 'stdout', text: 'hello from 8080' },
        { stream: 'stderr', text: 'warning: ü' },
      ]),
    );

    expect(await fixture.services.remove(name)).toBe('removed');
    expect(await fixture.services.remove(name)).toBe('missing');
    expect(await fixture.services.tasks(name)).toEqual([]);
    await expect(fixture.services.tailLogs(name, 10)).rejects.toThrow(EngineNotFoundError);
  });

  it.each<[string, (name: string) => Promise<unknown>]>([
    ['removed', (name) => fixture.services.remove(name)],
    ['scaled to nothing', (name) => fixture.services.scale(name, 0)],
  ])('that is %s has a container until that has ended', async (_, takeAway) => {
    const owner = newOwner();
    const spec = { ...specOf(owner, { MODE: 'stubborn' }), stopGraceSeconds: 2 };
    const name = await fixture.services.create(spec);
    const runs = async () => (await fixture.services.tasks(name))[0]?.state === 'running';
    await eventually('the task runs', runs);
    const { environmentId, deploymentId } = owner;
    const isThere = async () =>
      Promise.all([
        ...[{ projectId }, { environmentId }, { deploymentId }].map((of) =>
          fixture.services.hasContainers(of),
        ),
        fixture.services.listEnvironmentsThatRun(projectId).then((ids) => ids.includes(environmentId)),
      ]);
    await takeAway(name);
    expect(await isThere()).toEqual([true, true, true, true]);
    await eventually('it has stopped', async () => !(await isThere()).includes(true));
    const label = [`dev.nexos.deployment=${owner.deploymentId}`];
    expect(await rawEngine().listContainers({ filters: { label } })).toEqual([]);
    await fixture.services.remove(name);
  });

  it('is not taken for another deployment, which has no container', async () => {
    const name = await fixture.services.create(specOf(newOwner()));
    const runs = async () => (await fixture.services.tasks(name))[0]?.state === 'running';
    await eventually('the task runs', runs);
    const another = newOwner();
    // The engine has no order for filters: asked once, it may be right by chance.
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        fixture.services.hasContainers({ deploymentId: another.deploymentId }),
      ),
    );
    expect(answers).not.toContain(true);
  });

  it('has exactly the variables that it is given, and can tell them, whatever Swarm takes for a template', async () => {
    const env = { NODE: '{{.Node.Hostname}}', OPEN: '{{', NEXOS_BRANCH: 'feature/{{x}}' };
    const name = await fixture.services.create(specOf(newOwner(), env));
    expect(await fixture.services.environmentOf(name)).toEqual({ ...env, PORT: '8080' });
    await eventually(
      'the task runs',
      async () => (await fixture.services.tasks(name))[0]?.state === 'running',
    );
    const [task] = await fixture.services.tasks(name);
    const container = await rawEngine()
      .getContainer(task?.containerId ?? '')
      .inspect();
    expect(container.Config.Env).toEqual(
      expect.arrayContaining(Object.entries(env).map(([key, value]) => `${key}=${value}`)),
    );
    await fixture.services.remove(name);
  });

  it('tells with which code an app ended, and what it wrote before, while Swarm restarts it', async () => {
    const name = await fixture.services.create(specOf(newOwner(), { MODE: 'crash' }));
    const ended = async () =>
      (await fixture.services.tasks(name)).filter((task) => task.exitCode !== undefined);
    await eventually('the app has ended twice', async () => (await ended()).length >= 2);
    expect((await ended())[0]).toMatchObject({ state: 'failed', exitCode: 7 });
    const log = await fixture.services.tailLogs(name, 100);
    expect(log.filter(({ text }) => text === 'hello from 8080').length).toBeGreaterThanOrEqual(2);
    expect(await fixture.services.tailLogs(name, 1)).toHaveLength(1);
    await fixture.services.remove(name);
  });

  it('says so when no node has room', async () => {
    const name = await fixture.services.create({ ...specOf(newOwner()), memoryMb: 10_000_000 });
    await eventually('Swarm has looked for a node', async () =>
      ((await fixture.services.tasks(name))[0]?.error ?? '').includes('insufficient resources'),
    );
    expect(await fixture.services.tasks(name)).toMatchObject([{ state: 'pending', nodeId: null }]);
    expect(await fixture.services.tailLogs(name, 10)).toEqual([]);
    await fixture.services.remove(name);
  });

  it('scales to nothing and back, also when several do it at once', async () => {
    const owner = newOwner();
    const name = await fixture.services.create(specOf(owner));
    await Promise.all([0, 0, 0].map((replicas) => fixture.services.scale(name, replicas)));
    expect(await fixture.services.listForEnvironment(owner.environmentId)).toMatchObject([{ replicas: 0 }]);
    await fixture.services.scale(name, 1);
    await eventually(
      'the task runs',
      async () => (await fixture.services.tasks(name))[0]?.state === 'running',
    );
    await fixture.services.remove(name);
  });

  it('that was scaled to nothing is started when it is to be created again', async () => {
    const owner = newOwner();
    const name = await fixture.services.create(specOf(owner));
    await fixture.services.scale(name, 0);
    expect(await fixture.services.create(specOf(owner))).toBe(name);
    expect(await fixture.services.listForEnvironment(owner.environmentId)).toMatchObject([{ replicas: 1 }]);
    await fixture.services.remove(name);
  });

  it('that was scaled to nothing is started again as it is, and is not there when it is not', async () => {
    const owner = newOwner();
    expect(await fixture.services.startAgain(owner.deploymentId)).toBe(false);
    const name = await fixture.services.create(specOf(owner, { KEPT: 'as it was' }));
    await fixture.services.scale(name, 0);
    expect(await fixture.services.startAgain(owner.deploymentId)).toBe(true);
    expect(await fixture.services.listForEnvironment(owner.environmentId)).toMatchObject([{ replicas: 1 }]);
    expect(await fixture.services.environmentOf(name)).toMatchObject({ KEPT: 'as it was' });
  });

  it('needs a network, an image that is pinned, and a guard that agrees', async () => {
    const owner = newOwner();
    const spec = specOf(owner);
    await expect(fixture.services.create({ ...spec, projectId: owner.projectId })).rejects.toThrow(
      EngineNotFoundError,
    );
    await expect(fixture.services.create({ ...spec, image: 'debian:12' })).rejects.toThrow(RangeError);
    const refuse = () => Promise.reject(new Error('lease lost'));
    await expect(fixture.services.create(spec, refuse)).rejects.toThrow('lease lost');
    expect(await fixture.services.listForEnvironment(owner.environmentId)).toEqual([]);
  });
});

describe('what this installation did not make', () => {
  it('is neither changed nor removed', async () => {
    const stranger = await engineFixture({ NEXOS_INSTANCE: `${INSTANCE}x` });
    const name = await fixture.services.create(specOf(newOwner()));
    await expect(stranger.services.remove(name)).rejects.toThrow(EngineForeignError);
    await expect(stranger.services.scale(name, 0)).rejects.toThrow(EngineForeignError);
    await expect(stranger.services.tailLogs(name, 1)).rejects.toThrow(EngineForeignError);
    await expect(stranger.images.remove(image)).rejects.toThrow(EngineForeignError);
    expect(await fixture.images.remove(image)).toBe('in-use');
    expect(await fixture.services.remove(name)).toBe('removed');
    await stranger.close();
  });

  it('stands in the way of a service with the same name', async () => {
    const owner = newOwner();
    const other = { ...owner, deploymentId: owner.deploymentId.toUpperCase() };
    const name = await fixture.services.create(specOf(owner));
    await expect(fixture.services.create(specOf(other))).rejects.toThrow(EngineConflictError);
    await fixture.services.remove(name);
  });
});
