import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type Docker from 'dockerode';
import { withAppsLock } from './apps.js';
import { findEngine } from './engine.js';
import { defaultHome, readInstance } from './home.js';
import { withLock } from './lock.mjs';
import { readOptions } from './options.js';
import { logToStderr, step, type Log } from './progress.mjs';
import { removeInstance } from './remove-instance.js';
import { SetupError, codeOf } from './setup-error.mjs';

const USAGE = `Removes the containers, services and networks of this clone: Postgres, Redis, HAProxy and the environments.

  npm run stop               keeps the data
  npm run stop -- --purge    deletes the data too
`;
const DEBIAN = 'nexos-local/debian:bookworm';
/** Purging keeps the locks, which it holds, and the log of an engine that may still run. The id goes last. */
const KEPT = /\.lock$|^dockerd\.log$|^instance$/;

export interface StopOptions {
  readonly purge?: boolean;
  readonly log?: Log;
  readonly home?: string;
}

/**
 * Removes a clone's containers, services and networks, and with `purge` also all its data.
 *
 * @throws SetupError while the clone's apps run
 */
export async function stop(options: StopOptions = {}): Promise<void> {
  const { purge = false, log = logToStderr, home = defaultHome } = options;
  if (readInstance(home) === undefined) {
    log('Nothing to stop: this clone has no installation.');
    return;
  }
  await withAppsLock(home, log, () => removeInstallation({ purge, log, home }));
  log(
    purge
      ? 'Stopped. All data has been deleted.'
      : `Stopped. The data is still in ${home}; npm run stop -- --purge deletes it.`,
  );
}

/** Does the same as `stop`, for a caller that holds the lock of the apps. */
export async function removeInstallation({ purge, log, home }: Required<StopOptions>): Promise<void> {
  await withLock(join(home, 'setup.lock'), { log }, async () => {
    const instance = readInstance(home);
    const docker = (await findEngine())?.docker;
    if (docker === undefined && purge) {
      throw new SetupError(
        'Docker Engine is not running. Start it, because this clone has data on it, then try again.',
      );
    }
    if (docker === undefined || instance === undefined) return;
    const remove = () => removeInstance(docker, instance, { data: purge });
    await step(log, 'Removing containers, services and networks', remove);
    if (purge) await purgeHome(docker, home, log);
  });
}

async function purgeHome(docker: Docker, home: string, log: Log): Promise<void> {
  // The id goes last: without it, an interrupted purge could not be repeated.
  const entries = [...readdirSync(home).filter((entry) => !KEPT.test(entry)), 'instance'];
  try {
    for (const entry of entries) {
      rmSync(join(home, entry), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  } catch (error) {
    if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM') throw error;
    await step(log, 'Deleting files that belong to container users', () =>
      purgeAsRoot(docker, home, entries),
    );
  }
}

/** Deletes files of other users, through a container that runs as root. */
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
    if (status !== 0)
      throw new SetupError(`Could not delete ${home}. Delete it as root: sudo rm -rf ${home}`);
  } finally {
    await container.remove({ force: true });
  }
}

/** `npm run stop` */
export async function main(args: string[]): Promise<void> {
  const { purge = false } = readOptions(USAGE, args, { purge: { type: 'boolean' } });
  // A killed demo leaves an installation of its own, of which nothing is worth keeping.
  const demo = join(defaultHome, 'demo');
  if (readInstance(demo) !== undefined) await stop({ purge: true, home: demo });
  await stop({ purge });
}
