// @ts-check
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, writeAtomically } from '../../docker/local/atomic-file.mjs';
import { compile } from '../../docker/local/compile.mjs';
import { ensureEngine } from '../../docker/local/docker-engine.mjs';
import { defaultHome } from '../../docker/local/home.mjs';
import { migrate } from '../../docker/local/migrate.mjs';
import { identify, isRunning } from '../../docker/local/process-identity.mjs';
import { endLeftovers } from '../../docker/local/process-records.mjs';
import { step } from '../../docker/local/progress.mjs';
import { withLock } from '../../docker/local/set-up-lock.mjs';
import { SetupError } from '../../docker/local/setup-error.mjs';
import { setup } from '../../docker/local/setup.mjs';
import { stop } from '../../docker/local/stop.mjs';
import { waitUntil } from '../../docker/local/wait-until.mjs';

/** @typedef {import('../../docker/local/setup.mjs').LocalSystem} LocalSystem */

const REMOVAL_MS = 20_000;
const OWNER = join(defaultHome, 'demo-owner.json');

/**
 * Environment variables that configure an installation. The demo is a separate installation, and neither reads nor
 * changes anything of the one that these variables may describe.
 */
const SETTINGS =
  /^(DATABASE_URL|BASE_DOMAIN|MIRROR_DIR|HOST|PORT|(REDIS|QUEUE|GITHUB|REGISTRY|INGRESS|PUBLIC|ENCRYPTION|HEALTH|NEXOS)_\w+)$/;

/** The folder with all of the demo's data while it runs. */
export const demoHome = join(defaultHome, 'demo');

/** The folder where the apps' logs stay afterwards. */
export const logFolder = join(defaultHome, 'demo-logs');

/** Removes another installation's settings from this process's environment. */
export function forgetSettings() {
  for (const name of Object.keys(process.env)) if (SETTINGS.test(name)) delete process.env[name];
}

/**
 * Claims the demo for this process.
 *
 * @throws {SetupError} when another process runs it
 */
export function claimDemo() {
  const text = readIfThere(OWNER);
  /** @type {import('../../docker/local/process-identity.mjs').ProcessIdentity | undefined} */
  const owner = text === undefined ? undefined : JSON.parse(text);
  if (owner !== undefined && isRunning(owner)) {
    throw new SetupError(
      `The demo is already running (process ${owner.pid}). Use that one, or stop it with Ctrl-C first.`,
    );
  }
  mkdirSync(defaultHome, { recursive: true });
  writeAtomically(OWNER, JSON.stringify(identify(process.pid)), 0o644);
}

/**
 * Sets up an empty installation, after removing what a killed demo left behind.
 *
 * @param {(line: string) => void} log
 * @returns {Promise<LocalSystem>}
 */
export async function prepareInstallation(log) {
  // All installations of this clone share packages and images, so their set-ups take turns.
  const system = await withLock(defaultHome, 'setup', log, async () => {
    if (existsSync(demoHome)) await removeLeftovers(log);
    return setup({ home: demoHome, log });
  });
  rmSync(logFolder, { recursive: true, force: true });
  mkdirSync(logFolder, { recursive: true });
  await compile({ log });
  await migrate({ env: system.env, home: demoHome, log });
  return system;
}

/** @param {(line: string) => void} log */
async function removeLeftovers(log) {
  await endLeftovers(demoHome, log);
  await ensureEngine({ home: demoHome, environment: process.env, log });
  await step(log, 'Removing what an earlier demo left behind', removeInstallation);
}

/**
 * Removes everything of the demo except its logs: containers, services, networks, images and data. Retries, since
 * something that a killed demo had just started may still appear meanwhile.
 */
export async function removeInstallation() {
  /** @type {unknown} */
  let last;
  const isRemoved = await waitUntil(
    async () => {
      try {
        await stop({ purge: true, home: demoHome, log: () => undefined });
        return true;
      } catch (error) {
        if (error instanceof SetupError) throw error;
        last = error;
        return undefined;
      }
    },
    { deadlineMs: REMOVAL_MS, everyMs: 500 },
  );
  if (isRemoved === undefined) throw last;
}

/** Lets the next demo run. */
export function releaseDemo() {
  rmSync(OWNER, { force: true });
}
