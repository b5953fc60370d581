import { compile } from '../../docker/local/compile.mjs';
import { findEngine } from '../../docker/local/docker-engine.mjs';
import type { EngineApi } from '../../docker/local/engine-api.mjs';
import { freePort } from '../../docker/local/free-port.mjs';
import { defaultSocketDir, ensureIngress } from '../../docker/local/ingress.mjs';
import { LABELS } from '../../docker/local/labels.mjs';
import { packageFolders } from '../../docker/local/package-folders.mjs';
import { identify, isRunning, type ProcessIdentity } from '../../docker/local/process-identity.mjs';
import { removeInstance } from '../../docker/local/remove-instance.mjs';
import { setup, type LocalSystem } from '../../docker/local/setup.mjs';

/*
 * Everything that tests may use of `docker/local`, which sets up this machine. Only the setup's own tests import more
 * of it; the import rules limit all other tests to this file.
 */

export { defaultSocketDir, freePort, identify, isRunning, LABELS, packageFolders };
export type { EngineApi, ProcessIdentity };

const log = (line: string) => process.stderr.write(`${line}\n`);

/** Sets up the machine and compiles the apps, unless that is already done. */
export async function prepareMachine(): Promise<LocalSystem> {
  const system = await setup({ log });
  await compile({ log });
  return system;
}

/** Returns the engine that the setup found or started. */
export async function findTheEngine(): Promise<EngineApi> {
  const found = await findEngine(process.env);
  if (found === undefined) throw new Error('No Docker Engine answers.');
  return found.engine;
}

/** Removes an installation from the engine, with its data. */
export async function removeInstallation(instance: string): Promise<void> {
  await removeInstance(await findTheEngine(), instance, { data: true });
}

/** Returns the types of the client, as TypeScript, from the API's OpenAPI document. */
export async function clientTypes(document: unknown): Promise<string> {
  // Imported on demand: it loads the compiler, which most workers do not need.
  const generator = await import('../../docker/local/client-types.mjs');
  return generator.clientTypes(document);
}

/** Starts the ingress of an installation and returns the settings with which its apps find it. */
export async function startIngress(ingress: {
  instance: string;
  home: string;
  image: string;
  httpPort: number;
}): Promise<Record<string, string>> {
  const socketDir = defaultSocketDir(ingress.home, ingress.instance);
  const options = { ...ingress, engine: await findTheEngine(), socketDir };
  const { container, httpPort } = await ensureIngress(options);
  return { INGRESS_CONTAINER: container, PUBLIC_PORT: String(httpPort) };
}
