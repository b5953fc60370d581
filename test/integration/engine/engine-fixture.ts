import { randomInt } from 'node:crypto';
import { Readable } from 'node:stream';
import { EngineConfig, loadConfig } from '@nexos/config';
import { newId, subnetAt } from '@nexos/domain';
import {
  type BuildLine,
  type BuildRequest,
  DeploymentServices,
  Engine,
  EngineModule,
  ImageBuilder,
  ImagePusher,
  Images,
  newImageTag,
  OneOffJobs,
  type Owner,
  ownerLabels,
  ProjectNetworks,
  RelayServices,
  SharedServices,
  SwarmCapacity,
  SwarmMembership,
  VersionNetworks,
  Volumes,
} from '@nexos/engine';
import { NestFactory } from '@nestjs/core';
import Docker from 'dockerode';
import tar from 'tar-stream';
import { inject } from 'vitest';

/**
 * The instance that owns everything in these tests. It is unique to this clone and test worker, since leftovers are
 * removed while other runs, and other files of this run, are active.
 */
export const INSTANCE = `${inject('system').env.NEXOS_INSTANCE?.slice(0, 10) ?? ''}-e${process.env.VITEST_POOL_ID ?? ''}`;
/** Any image with a shell will do. */
export const BASE_IMAGE = process.env.NEXOS_TEST_BASE_IMAGE ?? 'nexos-local/debian:bookworm';

export interface EngineFixture {
  readonly engine: Engine;
  readonly builder: ImageBuilder;
  readonly pusher: ImagePusher;
  readonly images: Images;
  readonly swarm: SwarmMembership;
  readonly capacity: SwarmCapacity;
  readonly networks: ProjectNetworks;
  readonly versions: VersionNetworks;
  readonly services: DeploymentServices;
  readonly relays: RelayServices;
  readonly shared: SharedServices;
  readonly jobs: OneOffJobs;
  readonly volumes: Volumes;
  close(): Promise<void>;
}

/** Wires the library as an app does, to the engine at DOCKER_HOST unless that is overridden. */
export async function engineFixture(overrides: Record<string, string> = {}): Promise<EngineFixture> {
  const env = { ...process.env, NEXOS_INSTANCE: INSTANCE, ...overrides };
  const { engine: config } = loadConfig({ engine: EngineConfig }, env);
  const app = await NestFactory.createApplicationContext(EngineModule.forRoot(config), { logger: false });
  return {
    engine: app.get(Engine),
    builder: app.get(ImageBuilder),
    pusher: app.get(ImagePusher),
    images: app.get(Images),
    swarm: app.get(SwarmMembership),
    capacity: app.get(SwarmCapacity),
    networks: app.get(ProjectNetworks),
    versions: app.get(VersionNetworks),
    services: app.get(DeploymentServices),
    relays: app.get(RelayServices),
    shared: app.get(SharedServices),
    jobs: app.get(OneOffJobs),
    volumes: app.get(Volumes),
    close: () => app.close(),
  };
}

/** Returns a subnet that no other test is likely to use; the library skips those that are taken. */
export function nextTestSubnet(): Promise<string> {
  return Promise.resolve(subnetAt('10.80.0.0/13', randomInt(2_048)));
}

/** Returns a plain Docker client, to inspect what the library did. */
export function rawEngine(): Docker {
  return new Docker();
}

/** Label of resources that stand in for those of others. */
export const FOREIGN_LABEL = 'dev.nexos.test-stranger';

/** Waits until a project has no running container: a server that is shutting down may still answer. */
export async function untilNothingRuns(projectId: string): Promise<void> {
  const filters = { label: [`dev.nexos.project=${projectId}`] };
  await eventually('its containers have stopped', async () => {
    return (await rawEngine().listContainers({ filters })).length === 0;
  });
}

/** Removes what this run, or an earlier one that was killed, has left on the engine. */
export async function removeLeftovers(): Promise<void> {
  const docker = rawEngine();
  const filters = { label: [`dev.nexos.instance=${INSTANCE}`] };
  for (const service of await docker.listServices({ filters })) await docker.getService(service.ID).remove();
  const strangers = { label: [`${FOREIGN_LABEL}=${INSTANCE}`] };
  const containers = [
    ...(await docker.listContainers({ all: true, filters })),
    ...(await docker.listContainers({ all: true, filters: strangers })),
  ];
  for (const { Id, Labels } of containers) {
    // Swarm removes its own containers.
    if (Labels['com.docker.swarm.task.id'] === undefined) {
      await docker.getContainer(Id).remove({ force: true, v: true });
    }
  }
  await eventually('the containers are gone', async () => {
    const left = await docker.listContainers({ all: true, filters });
    return left.length === 0;
  });
  const networks = [
    ...(await docker.listNetworks({ filters })),
    ...(await docker.listNetworks({ filters: strangers })),
  ];
  for (const network of networks) {
    await eventually(`the network ${network.Name} is free`, () =>
      docker
        .getNetwork(network.Id)
        .remove()
        .then(
          () => true,
          (error: unknown) => (error as { statusCode?: number }).statusCode === 404,
        ),
    );
  }
  for (const { Name } of (await docker.listVolumes({ filters: JSON.stringify(filters) })).Volumes) {
    await docker.getVolume(Name).remove();
  }
  for (const image of await docker.listImages({ filters })) {
    await docker.getImage(image.Id).remove({ force: true });
  }
}

/** Polls until `check` holds; fails after the deadline. */
export async function eventually(
  what: string,
  check: () => Promise<boolean> | boolean,
  deadlineMs = 20_000,
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`timed out after ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export interface TestOwner extends Owner {
  readonly projectId: string;
  readonly environmentId: string;
  readonly deploymentId: string;
}

export function newOwner(): TestOwner {
  return {
    projectId: newId('project'),
    environmentId: newId('environment'),
    deploymentId: newId('deployment'),
  };
}

/** Packs these files into a build context; a name that ends in a slash is a folder, and bytes are a program. */
export function tarOf(files: Record<string, string | Buffer>): Readable {
  const pack = tar.pack();
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith('/')) pack.entry({ name, type: 'directory' });
    else pack.entry({ name, mode: typeof content === 'string' ? 0o644 : 0o755 }, content);
  }
  pack.finalize();
  return Readable.from(pack);
}

export type TestBuild = BuildRequest & { readonly lines: BuildLine[]; readonly owner: TestOwner };

/** Returns a request that builds this Dockerfile, with overrides. */
export function buildOf(dockerfile: string, overrides: Partial<BuildRequest> = {}): TestBuild {
  const lines: BuildLine[] = [];
  const owner = newOwner();
  return {
    context: overrides.context ?? tarOf({ Dockerfile: dockerfile }),
    dockerfile: 'Dockerfile',
    tag: newImageTag(INSTANCE, owner.deploymentId),
    labels: ownerLabels(INSTANCE, owner),
    signal: new AbortController().signal,
    onLine: (line) => void lines.push(line),
    ...overrides,
    lines,
    owner,
  };
}
