import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { asOnlyRunner } from '../../docker/local/apps.js';
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

/**
 * What an installation is told by its environment. The demo is an installation of its own, beside the one that
 * these variables may describe, and neither reads nor changes anything of that one.
 */
const SETTINGS =
  /^(DATABASE_URL|BASE_DOMAIN|MIRROR_DIR|HOST|PORT|(REDIS|QUEUE|GITHUB|REGISTRY|INGRESS|PUBLIC|ENCRYPTION|HEALTH|NEXOS)_\w+)$/;

/** The folder that holds all that the demo keeps while it runs. */
export const demoHome = join(defaultHome, 'demo');

/** Where the logs of the demo's apps stay afterwards. */
export const logFolder = join(defaultHome, 'demo-logs');

/** Takes the settings of another installation out of this process's environment. */
export function forgetSettings(): void {
  for (const name of Object.keys(process.env))
    if (SETTINGS.test(name)) Reflect.deleteProperty(process.env, name);
}

/**
 * Runs `work` as the one process that runs the demo.
 *
 * @throws SetupError when another one does
 */
export async function asOnlyDemo<T>(log: Log, work: (lock: number) => Promise<T>): Promise<T> {
  const held = (pid: string): string =>
    `The demo runs already (process ${pid}). Use that one, or stop it with Ctrl-C first.`;
  return await asOnlyRunner(demoHome, log, work, held);
}

/** Sets up an installation without any data: whatever an earlier demo left when it was killed goes first. */
export async function prepareInstallation(log: Log): Promise<LocalSystem> {
  // Packages and images belong to every installation of this clone, so their set-ups take turns.
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
 * Removes everything of the demo but its logs: containers, services, networks, images and data. What a killed demo
 * had just begun may still come into being meanwhile, so that it can take more than one attempt.
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
