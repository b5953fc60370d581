import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withAppsLock } from '../../docker/local/apps.js';
import { compile } from '../../docker/local/compile.js';
import { ensureEngine } from '../../docker/local/engine.js';
import { defaultHome, readInstance } from '../../docker/local/home.js';
import { withLock } from '../../docker/local/lock.mjs';
import { step, type Log } from '../../docker/local/progress.mjs';
import { SetupError } from '../../docker/local/setup-error.mjs';
import { setup, type LocalSystem } from '../../docker/local/setup.js';
import { migrate } from '../../docker/local/start.js';
import { removeInstallation } from '../../docker/local/stop.js';
import { eventually } from '../support/eventually.js';

const REMOVAL_MS = 20_000;

/** Variables that may configure another installation, which the demo must neither read nor change. */
const SETTINGS =
  /^(DATABASE_URL|BASE_DOMAIN|MIRROR_DIR|HOST|PORT|(REDIS|QUEUE|GITHUB|REGISTRY|INGRESS|PUBLIC|ENCRYPTION|HEALTH|NEXOS)_\w+)$/;

/** The demo's data while it runs. */
export const demoHome = join(defaultHome, 'demo');

/** The logs of the demo's apps, which remain afterwards. */
export const logFolder = join(defaultHome, 'demo-logs');

/** Removes the settings of another installation from this process's environment. */
export function clearSettings(): void {
  for (const name of Object.keys(process.env))
    if (SETTINGS.test(name)) Reflect.deleteProperty(process.env, name);
}

/**
 * Holds the demo's lock during `work`.
 *
 * @throws SetupError while another process runs the demo
 */
export async function withDemoLock<T>(log: Log, work: (lock: number) => Promise<T>): Promise<T> {
  const held = (pid: string): string =>
    `The demo is already running (process ${pid}). Use it, or stop it with Ctrl-C first.`;
  return await withAppsLock(demoHome, log, work, held);
}

/** Sets up an empty installation, after removing what a killed demo left behind. */
export async function prepareInstallation(log: Log): Promise<LocalSystem> {
  // Packages and images belong to all installations of this clone, so only one may run setup.
  const system = await withLock(join(defaultHome, 'setup.lock'), { log }, async (lock) => {
    if (readInstance(demoHome) !== undefined) {
      await ensureEngine({ home: demoHome, environment: process.env, log, lock });
      await step(log, 'Removing what an earlier demo left behind', removeDemo);
    }
    return setup({ home: demoHome, log });
  });
  rmSync(logFolder, { recursive: true, force: true });
  mkdirSync(logFolder, { recursive: true });
  await compile({ log });
  await migrate(system.env, log);
  return system;
}

/**
 * Removes the demo's containers, services, networks, images and data, but not its logs. Retries, because the engine may
 * still be creating what a killed demo requested.
 */
export async function removeDemo(): Promise<void> {
  let last: unknown;
  const remove = async (): Promise<true | undefined> => {
    try {
      await removeInstallation({ purge: true, home: demoHome, log: () => undefined });
      return true;
    } catch (error) {
      if (error instanceof SetupError) throw error;
      last = error;
      return undefined;
    }
  };
  await eventually('the demo to be removed', remove, { deadlineMs: REMOVAL_MS, seen: () => last });
}
