import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Docker from 'dockerode';
import { ensureBuildImages, type Image } from '../images/images.js';
import { followJson } from '../images/stand-in.js';
import { buildEngine, buildSocketDir, machineAddresses, readBuildDisk } from './build-engine.js';
import { readBuildLimits } from './build-limits.js';
import { ensureContainers, removeContainer, type Owner } from './container.js';
import { secretPath, type Context } from './home.js';
import { ensureProgram } from './install-engine.js';
import { step } from './progress.mjs';
import { registry, registryKey } from './registry.js';

/** The configuration of apps for builds. */
export interface BuildEnvironment {
  readonly env: Readonly<Record<string, string>>;
  /** Added for the builder alone. */
  readonly builder: Readonly<Record<string, string>>;
}

interface Wanted {
  /** `isolated`: with an engine of their own. `shared`: with the machine's. Undefined: as they are. */
  readonly builds: 'isolated' | 'shared' | undefined;
  /** Images of this machine alone, which builds may need. */
  readonly images: readonly Image[];
  readonly base: string;
}

/**
 * Ensures that the registry and the engine of isolated builds run, or removes that engine. Once there is a registry, it stays
 * in use: the images of environments are there.
 */
export async function ensureBuilds(
  owner: Owner,
  context: Context,
  { builds, images, base }: Wanted,
): Promise<BuildEnvironment> {
  const { docker, home, instance, log } = owner;
  const name = `nexos-${instance}-build-engine`;
  const [running] = await docker.listContainers({ all: true, filters: { name: [`^/${name}$`] } });
  if (builds === 'shared' && running !== undefined) {
    await step(log, 'Removing the engine of isolated builds', () => removeContainer(docker, running.Id));
  }
  const isIsolated = builds === 'isolated' || (builds === undefined && running !== undefined);
  if (!isIsolated && !existsSync(secretPath(home, 'registry'))) return { env: {}, builder: {} };
  await ensureProgram('openssl', context);
  const built = await ensureBuildImages(docker, base, context);
  const key = await registryKey(home);
  const front = registry(owner, { image: built.registry, certificate: key.certificate });
  const ports = await step(log, 'Starting the registry', () => ensureContainers(owner, [front]));
  const port = ports.get(front.name) ?? 0;
  const env = { REGISTRY_URL: `127.0.0.1:${port}`, REGISTRY_TOKEN_PEM_FILE: key.pem };
  if (!isIsolated) return { env, builder: {} };
  const { environment } = context;
  const engine = buildEngine(owner, {
    image: built['build-engine'],
    limits: readBuildLimits(environment),
    diskMb: readBuildDisk(environment),
    registry: { container: front.name, port },
    denied: [...machineAddresses(), ...wordsIn(environment.BUILD_DENIED_NETWORKS)],
    allowed: wordsIn(environment.BUILD_ALLOWED),
  });
  await step(log, 'Starting the engine of isolated builds', () => ensureContainers(owner, [engine]));
  const socketPath = join(buildSocketDir(home, instance), 'docker.sock');
  await copyImages(owner, new Docker({ socketPath }), images);
  return { env, builder: { DOCKER_HOST: `unix://${socketPath}` } };
}

/** Gives the engine of builds the images that it can pull from nowhere. */
async function copyImages({ docker, log }: Owner, target: Docker, images: readonly Image[]): Promise<void> {
  const present = new Set((await target.listImages()).map(({ Id }) => Id));
  for (const { name } of images.filter((image) => !present.has(image.id))) {
    await step(log, `Copying ${name} to the engine of isolated builds`, async () => {
      const archive = await docker.getImage(name).get();
      await followJson(await target.loadImage(archive), () => undefined);
    });
  }
}

function wordsIn(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
}
