import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type Docker from 'dockerode';
import { asOnlyRunner } from './apps.js';
import { findEngine } from './engine.js';
import { defaultHome, readInstance } from './home.js';
import { withLock } from './lock.mjs';
import { readOptions } from './options.js';
import { logToStderr, step, type Log } from './progress.mjs';
import { removeInstance } from './remove-instance.js';
import { SetupError, codeOf } from './setup-error.mjs';

const USAGE = `Removes what this clone runs on the engine: Postgres, Redis, HAProxy, and the environments. The data stays.

  npm run stop
  npm run stop -- --purge    deletes the data too
`;
const DEBIAN = 'nexos-local/debian:bookworm';
/** The locks are held while the rest is deleted; the log belongs to an engine that may go on running. */
const KEPT = /\.lock$|^dockerd\.log$|^instance$/;

export interface StopOptions {
  readonly purge?: boolean;
  readonly log?: Log;
  readonly home?: string;
}

/**
 * Removes what a clone runs on the engine, and with `purge` also its data: the next start is a first start then.
 *
 * @throws SetupError while its apps run
 */
export async function stop(options: StopOptions = {}): Promise<void> {
  const { purge = false, log = logToStderr, home = defaultHome } = options;
  if (readInstance(home) === undefined) {
    log('Nothing was ever started here.');
    return;
  }
  await asOnlyRunner(home, log, () => removeInstallation({ purge, log, home }));
  log(
    purge
      ? 'Stopped, and all data deleted.'
      : `Stopped. The data stays in ${home}; npm run stop -- --purge deletes it.`,
  );
}

/** Does what `stop` does, for a process that runs the apps itself and has stopped them. */
export async function removeInstallation({ purge, log, home }: Required<StopOptions>): Promise<void> {
  await withLock(join(home, 'setup.lock'), { log }, async () => {
    const instance = readInstance(home);
    const docker = (await findEngine())?.docker;
    if (docker === undefined && purge) {
      throw new SetupError('No Docker Engine answers. Start it first: this clone has data there too.');
    }
    if (docker === undefined || instance === undefined) return;
    const remove = () => removeInstance(docker, instance, { data: purge });
    await step(log, 'Removing containers, services and networks', remove);
    if (purge) await purgeHome(docker, home, log);
  });
}

async function purgeHome(docker: Docker, home: string, log: Log): Promise<void> {
  // The id goes last: without it, a purge that was interrupted could not be repeated.
  const entries = [...readdirSync(home).filter((entry) => !KEPT.test(entry)), 'instance'];
  try {
    for (const entry of entries) {
      rmSync(join(home, entry), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  } catch (error) {
    if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM') throw error;
    await step(log, 'Deleting files of the containers', () => purgeAsRoot(docker, home, entries));
  }
}

/** Deletes through a container what belongs to a container's user. */
async function purgeAsRoot(docker: Docker, home: string, entries: readonly string[]): Promise<void> {
  const container = await docker.createContainer({
    Image: DEBIAN,
    User: '0:0',
    Entrypoint: ['rm', '-rf', '--', ...entries.map((entry) => join('/clone', basename(home), entry))],
    NetworkDisabled: true,
    HostConfig: { Mounts: [{ Type: 'bind', Source: dirname(home), Target: '/clone' }] },
  });
  try {
    await container.start();
    const { StatusCode: status } = (await container.wait()) as { StatusCode: number };
    if (status !== 0) throw new SetupError(`${home} could not be deleted. Delete it as root.`);
  } finally {
    await container.remove({ force: true });
  }
}

/** `npm run stop` */
export async function main(args: string[]): Promise<void> {
  const { purge = false } = readOptions(USAGE, args, { purge: { type: 'boolean' } });
  // A demo that was killed half-way is an installation of its own, and nothing of it should be kept.
  const demo = join(defaultHome, 'demo');
  if (readInstance(demo) !== undefined) await stop({ purge: true, home: demo });
  await stop({ purge });
}
