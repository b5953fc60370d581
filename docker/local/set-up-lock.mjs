// @ts-check
import { linkSync, mkdirSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere } from './atomic-file.mjs';
import { identify, isRunning } from './process-identity.mjs';
import { SetupError, codeOf } from './setup-error.mjs';
import { waitUntil } from './wait-until.mjs';

const WAIT_MS = 30 * 60_000;
const GUARD_STALE_MS = 10_000;

/**
 * Runs `work` while holding the lock file `name` in `home`: two set-ups of one clone take turns. The lock of a
 * process that no longer runs is taken over.
 *
 * @template T
 * @param {string} home
 * @param {string} name
 * @param {(line: string) => void} log
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(home, name, log, work) {
  mkdirSync(home, { recursive: true });
  const path = join(home, `${name}.lock`);
  let told = false;
  const taken = await waitUntil(
    async () => {
      if (tryLock(path)) return true;
      if (!told && Number.isInteger(holderOf(path)?.pid)) {
        told = true;
        log(`Waiting for process ${holderOf(path)?.pid}, which holds ${path} …`);
      }
      return undefined;
    },
    { deadlineMs: WAIT_MS, everyMs: 100 },
  );
  if (taken === undefined) {
    throw new SetupError(
      `Process ${holderOf(path)?.pid} has held ${path} for half an hour. End it, then try again.`,
    );
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function tryLock(path) {
  if (createLock(path)) return true;
  const holder = holderOf(path);
  if (holder !== undefined && isRunning(holder)) return false;
  removeStale(path);
  return createLock(path);
}

/**
 * A hard link appears with its content, at once, and only when the name is free.
 *
 * @param {string} path
 */
function createLock(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Only the holder of the guard folder removes a stale lock, and looks again first: otherwise the slower of two
 * could remove the lock that the faster one has just taken.
 *
 * @param {string} path
 */
function removeStale(path) {
  const guard = `${path}.takeover`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > GUARD_STALE_MS) rmSync(guard, { recursive: true, force: true });
    return;
  }
  try {
    const holder = holderOf(path);
    if (holder === undefined || !isRunning(holder)) rmSync(path, { force: true });
  } finally {
    rmdirSync(guard);
  }
}

/**
 * @param {string} path
 * @returns {import('./process-identity.mjs').ProcessIdentity | undefined}
 */
function holderOf(path) {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  try {
    const { pid, began } = JSON.parse(text);
    return typeof pid === 'number' && typeof began === 'string' ? { pid, began } : undefined;
  } catch {
    // A lock that nobody could have written holds nothing.
    return undefined;
  }
}
