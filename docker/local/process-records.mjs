// @ts-check
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, writeAtomically } from './atomic-file.mjs';
import { identify, isRunning } from './process-identity.mjs';
import { codeOf } from './setup-error.mjs';
import { waitUntil } from './wait-until.mjs';

/** @import { ProcessIdentity } from './process-identity.mjs' */
/** @typedef {{ name: string, child: ProcessIdentity, owner: ProcessIdentity, end: NodeJS.Signals }} ProcessRecord */

const TERM_MS = 10_000;

/**
 * Notes that this process started `pid` as the leader of a process group, so that a later run can end it
 * should this process be killed first.
 *
 * @param {string} home
 * @param {string} name
 * @param {number} pid
 * @param {NodeJS.Signals} end the signal to end it with
 * @returns {() => void} call it when the process has ended
 */
export function recordProcess(home, name, pid, end) {
  const folder = join(home, 'processes');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}-${pid}.json`);
  writeAtomically(
    path,
    JSON.stringify({ name, child: identify(pid), owner: identify(process.pid), end }),
    0o600,
  );
  return () => rmSync(path, { force: true });
}

/**
 * Ends what earlier runs started and left behind when they were killed. What still has its owner is left alone.
 *
 * @param {string} home
 * @param {(line: string) => void} log
 */
export async function endLeftovers(home, log) {
  for (const { path, record } of records(home)) {
    if (isRunning(record.owner)) continue;
    if (isRunning(record.child)) {
      log(`Ending ${record.name} (process ${record.child.pid}), left behind by a run that was killed.`);
      signalGroup(record.child.pid, record.end);
      const gone = async () => (isRunning(record.child) ? undefined : true);
      if ((await waitUntil(gone, { deadlineMs: TERM_MS, everyMs: 50 })) === undefined) {
        signalGroup(record.child.pid, 'SIGKILL');
        await waitUntil(gone, { deadlineMs: TERM_MS, everyMs: 50 });
      }
    }
    rmSync(path, { force: true });
  }
}

/**
 * The processes that some other live process of this clone supervises.
 *
 * @param {string} home
 * @returns {ProcessRecord[]}
 */
export function supervised(home) {
  return records(home)
    .map(({ record }) => record)
    .filter(({ owner, child }) => owner.pid !== process.pid && isRunning(owner) && isRunning(child));
}

/**
 * Sends a signal to a process group; one that has gone meanwhile is no error.
 *
 * @param {number} pid the group's leader
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

/** @param {string} home */
function records(home) {
  /** @type {{ path: string, record: ProcessRecord }[]} */
  const found = [];
  for (const file of filesOf(join(home, 'processes'))) {
    const path = join(home, 'processes', file);
    const text = readIfThere(path);
    if (!file.endsWith('.json') || text === undefined) continue;
    found.push({ path, record: JSON.parse(text) });
  }
  return found;
}

/** @param {string} folder */
function filesOf(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
