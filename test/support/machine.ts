import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { nodeFlagsOf } from '../../docker/local/app.js';
import { buildEngine, buildSocketDir, machineAddresses } from '../../docker/local/build-engine.js';
import { applyBuildLimits, type BuildLimits } from '../../docker/local/build-limits.js';
import { compile } from '../../docker/local/compile.js';
import { ensureContainers } from '../../docker/local/container.js';
import { findEngine } from '../../docker/local/engine.js';
import { freePort } from '../../docker/local/free-port.js';
import { LABELS } from '../../docker/local/home.js';
import { withLock } from '../../docker/local/lock.mjs';
import { registry, registryKey, type RegistryKey } from '../../docker/local/registry.js';
import { daemonFlags } from '../../docker/local/install-engine.js';
import { ensureBuildImages } from '../../docker/images/images.js';
import { packageFolders } from '../../docker/images/package-folders.js';
import { defaultSocketDir, ingress } from '../../docker/local/platform.js';
import { removeInstance } from '../../docker/local/remove-instance.js';
import { setup, type LocalSystem } from '../../docker/local/setup.js';

/*
 * Everything that tests may use of `docker/local`, which sets up this machine. Only the setup's own tests import more
 * of it; the import rules limit all other tests to this file.
 */

export {
  machineAddresses,
  registryKey as newRegistryKey,
  applyBuildLimits,
  daemonFlags,
  defaultSocketDir,
  freePort,
  LABELS,
  nodeFlagsOf,
  packageFolders,
};

const log = (line: string) => process.stderr.write(`${line}\n`);

/** Sets up the machine and compiles the apps, unless that is already done. */
export async function prepareMachine(): Promise<LocalSystem> {
  const system = await setup({ log });
  await compile({ log });
  return system;
}

/** Returns the engine that the setup found or started. */
export async function findTheEngine(): Promise<Docker> {
  const found = await findEngine();
  if (found === undefined) throw new Error('No Docker Engine answers.');
  return found.docker;
}

/** Builds the images of isolated builds, unless the engine has them. */
export async function ensureImagesOfBuilds(): Promise<Awaited<ReturnType<typeof ensureBuildImages>>> {
  const { home } = await setup({ log, keepsIngress: true });
  const docker = await findTheEngine();
  return withLock(join(home, 'setup.lock'), { log }, (lock) =>
    ensureBuildImages(docker, 'nexos-local/debian:bookworm', { home, log, environment: process.env, lock }),
  );
}

/** Starts a registry that takes tokens; returns its address and the key that signs them. */
export async function startRegistry(instance: string, home: string): Promise<RegistryKey & { host: string }> {
  const images = await ensureImagesOfBuilds();
  // Setup of other clones removes what belongs to no installation.
  writeFileSync(join(home, 'instance'), instance);
  const owner = { docker: await findTheEngine(), home, instance, log };
  const key = await registryKey(home);
  const spec = registry(owner, { image: images.registry, certificate: key.certificate });
  const ports = await ensureContainers(owner, [spec]);
  return { ...key, host: `127.0.0.1:${ports.get(spec.name) ?? 0}` };
}

/** Starts the engine of isolated builds beside a registry that `startRegistry` has started; returns its DOCKER_HOST. */
export async function startBuildEngine(options: {
  instance: string;
  home: string;
  registryHost: string;
  limits: BuildLimits;
  diskMb: number;
  allowed?: readonly string[];
}): Promise<string> {
  const { instance, home, registryHost, limits, diskMb, allowed = [] } = options;
  const owner = { docker: await findTheEngine(), home, instance, log };
  const images = await ensureImagesOfBuilds();
  const port = Number(registryHost.split(':')[1]);
  const spec = buildEngine(owner, {
    ...{ image: images['build-engine'], limits, diskMb, allowed, denied: machineAddresses() },
    registry: { container: `nexos-${instance}-registry`, port },
  });
  await ensureContainers(owner, [spec]);
  return `unix://${join(buildSocketDir(home, instance), 'docker.sock')}`;
}

/** Removes an installation from the engine, with its data. */
export async function removeInstallation(instance: string): Promise<void> {
  await removeInstance(await findTheEngine(), instance, { data: true });
}

/** Returns the types of the client, as TypeScript, from the API's OpenAPI document. */
export async function clientTypes(document: unknown): Promise<string> {
  // Imported on demand: it loads the compiler, which most workers do not need.
  const generator = await import('../../docker/local/client.js');
  return generator.clientTypes(document);
}

/** Starts the ingress of an installation and returns the settings with which its apps find it. */
export async function startIngress(options: {
  instance: string;
  home: string;
  image: string;
  httpPort: number;
}): Promise<Record<string, string>> {
  const { instance, home, image, httpPort } = options;
  const docker = await findTheEngine();
  const { Id: id } = await docker.getImage(image).inspect();
  const owner = { docker, home, instance, log };
  const socketDir = defaultSocketDir(home, instance);
  const front = ingress(owner, { image: { name: image, id }, socketDir, httpPort });
  await ensureContainers(owner, [front]);
  return { PUBLIC_PORT: String(httpPort) };
}
