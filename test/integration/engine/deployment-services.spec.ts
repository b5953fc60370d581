import {
  EngineConflictError,
  EngineForeignError,
  EngineNotFoundError,
  serviceName,
  type TaskOwner,
} from '@nexos/engine';
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
  nextTestSubnet,
} from './engine-fixture.js';

let fixture: EngineFixture;
let nodeId: string;
let image: string;
const projectId = newOwner().projectId;

beforeAll(async () => {
  await removeLeftovers();
  fixture = await engineFixture();
  nodeId = await fixture.swarm.ensure();
  await fixture.networks.ensure(projectId, nextTestSubnet);
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
    env: { PORT: '8080', ...env },
    moves: 0,
    container: 'app',
    index: 0,
    hasSiblings: false,
    cpu: 0.1,
    memoryMb: 64,
    nodeId,
    stopGraceSeconds: 1,
  };
}

describe('SwarmCapacity', () => {
  it('counts what tasks reserve on each node, and those that wait for one, but not those of one deployment', async () => {
    const [owner, giant] = [newOwner(), newOwner()];
    // No other test has one of this size.
    const giantMb = 1_000_000_000 + Math.floor(Math.random() * 1_000_000);
    const names = [
      await fixture.services.create({ ...specOf(owner), memoryMb: 96 }),
      await fixture.services.create({ ...specOf(giant), memoryMb: giantMb }),
    ];
    const readRoom = async (leftOut: string) => {
      const { nodes, waiting, containers } = await fixture.capacity.read(
        (task) => task.deploymentId === leftOut,
      );
      return { room: nodes.find((node) => node.nodeId === nodeId), waiting, containers };
    };
    const isListed = (containers: readonly TaskOwner[]) =>
      containers.some((task) => task.deploymentId === deploymentId && task.container === 'app');
    const { deploymentId } = owner;
    await eventually('a node for the small one', async () => {
      // Other tests run on this node meanwhile, so that both readings must follow each other.
      const [without, all] = [await readRoom(deploymentId), await readRoom('another')];
      const bytes = (without.room?.memoryBytes ?? 0) - (all.room?.memoryBytes ?? 0);
      return bytes === 96 * 1024 * 1024 && !isListed(without.containers) && isListed(all.containers);
    });
    const giantBytes = giantMb * 1024 * 1024;
    const waiting = async (leftOut: string) =>
      (await readRoom(leftOut)).waiting.filter(({ memoryBytes }) => memoryBytes === giantBytes);
    expect(await waiting('another')).toEqual([{ nodeId, nanoCpus: 25_000_000, memoryBytes: giantBytes }]);
    expect(await waiting(giant.deploymentId)).toEqual([]);
    for (const name of names) await fixture.services.remove(name);
    await eventually(
      'its container has exited',
      async () => !(await fixture.services.hasContainers({ deploymentId })),
    );
  });
});

describe('DeploymentServices', () => {
  it('creates a service once for concurrent calls, runs it within its limits and removes it', async () => {
    const owner = newOwner();
    const names = await Promise.all([1, 2, 3].map(() => fixture.services.create(specOf(owner))));
    expect(new Set(names)).toEqual(new Set([serviceName(INSTANCE, owner.deploymentId, 0)]));
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
    const created = (await rawEngine().getService(name).inspect()) as Docker.Service;
    expect(created.Spec?.TaskTemplate?.Resources?.Reservations).toMatchObject({
      NanoCPUs: 25_000_000,
      MemoryBytes: 64 * 1024 * 1024,
    });
    expect(container.Mounts).toEqual([]);
    expect(container.Config.Labels).toMatchObject({ 'dev.nexos.deployment': owner.deploymentId });
    await eventually(
      'the log has both lines',
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
    ['scaled to zero', (name) => fixture.services.scale(name, 0)],
  ])('reports containers of a service that was %s until they have exited', async (_, stop) => {
    const owner = newOwner();
    const spec = { ...specOf(owner, { MODE: 'stubborn' }), stopGraceSeconds: 2 };
    const name = await fixture.services.create(spec);
    const runs = async () => (await fixture.services.tasks(name))[0]?.state === 'running';
    await eventually('the task runs', runs);
    const { environmentId, deploymentId } = owner;
    const hasContainers = async () =>
      Promise.all([
        ...[{ projectId }, { environmentId }, { deploymentId }].map((of) =>
          fixture.services.hasContainers(of),
        ),
        fixture.services.listRunningEnvironments(projectId).then((ids) => ids.includes(environmentId)),
        fixture.services.listRunningDeployments(environmentId).then((ids) => ids.includes(deploymentId)),
      ]);
    await stop(name);
    expect(await hasContainers()).toEqual([true, true, true, true, true]);
    await eventually('the containers have exited', async () => !(await hasContainers()).includes(true));
    const label = [`dev.nexos.deployment=${owner.deploymentId}`];
    expect(await rawEngine().listContainers({ filters: { label } })).toEqual([]);
    await fixture.services.remove(name);
  });

  it('reports no containers for a deployment that has none while another one runs', async () => {
    const name = await fixture.services.create(specOf(newOwner()));
    const runs = async () => (await fixture.services.tasks(name))[0]?.state === 'running';
    await eventually('the task runs', runs);
    const another = newOwner();
    // The engine applies filters in no fixed order: a single answer may be right by chance.
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        fixture.services.hasContainers({ deploymentId: another.deploymentId }),
      ),
    );
    expect(answers).not.toContain(true);
  });

  it('passes on and reports variables verbatim, even those that look like Swarm templates', async () => {
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

  it('reports the exit code and the output of a crashed app while Swarm restarts it', async () => {
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

  it('reports that no node has enough resources', async () => {
    const name = await fixture.services.create({ ...specOf(newOwner()), memoryMb: 10_000_000 });
    await eventually('Swarm has looked for a node', async () =>
      ((await fixture.services.tasks(name))[0]?.error ?? '').includes('insufficient resources'),
    );
    expect(await fixture.services.tasks(name)).toMatchObject([{ state: 'pending', nodeId: null }]);
    expect(await fixture.services.tailLogs(name, 10)).toEqual([]);
    await fixture.services.remove(name);
  });

  it('scales to zero and back, even for concurrent calls', async () => {
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

  it('starts a service that was scaled to zero when it is created again', async () => {
    const owner = newOwner();
    const name = await fixture.services.create(specOf(owner));
    await fixture.services.scale(name, 0);
    expect(await fixture.services.create(specOf(owner))).toBe(name);
    expect(await fixture.services.listForEnvironment(owner.environmentId)).toMatchObject([{ replicas: 1 }]);
    await fixture.services.remove(name);
  });

  it('restarts a service that was scaled to zero unchanged, and reports when it does not exist', async () => {
    const owner = newOwner();
    const version = { deploymentId: owner.deploymentId, moves: 0, index: 0 };
    expect(await fixture.services.resume(version)).toBe(false);
    const name = await fixture.services.create(specOf(owner, { KEPT: 'as it was' }));
    await fixture.services.scale(name, 0);
    expect(await fixture.services.resume(version)).toBe(true);
    expect(await fixture.services.listForEnvironment(owner.environmentId)).toMatchObject([{ replicas: 1 }]);
    expect(await fixture.services.environmentOf(name)).toMatchObject({ KEPT: 'as it was' });
  });

  it('creates no service without a network, with an unpinned image or when the guard refuses', async () => {
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

describe('resources of other owners', () => {
  it('stay unchanged when they belong to another installation', async () => {
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

  it('cause a conflict when they have the name of a new service', async () => {
    const owner = newOwner();
    const other = { ...owner, deploymentId: owner.deploymentId.toUpperCase() };
    const name = await fixture.services.create(specOf(owner));
    await expect(fixture.services.create(specOf(other))).rejects.toThrow(EngineConflictError);
    await fixture.services.remove(name);
  });
});
