// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { SetupError } from './setup-error.mjs';

const HALF_AN_HOUR = 30 * 60;

/**
 * Runs `work` while this process holds a lock on a file, after waiting for any other holder.
 *
 * The kernel ties the lock to the open file, so it ends with this process, however that ends. A child that inherits the
 * descriptor holds the lock too: an `npm ci` that survives its killed parent keeps the next one waiting.
 *
 * @template T
 * @param {string} path
 * @param {{ log: (line: string) => void, waitSeconds?: number, held?: (holder: string) => string }} options `held` returns
 *   the message of the error
 * @param {(descriptor: number) => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {SetupError} when the lock is still held after `waitSeconds`
 * @see https://man7.org/linux/man-pages/man2/flock.2.html
 */
export async function withLock(path, options, work) {
  const { log, waitSeconds = HALF_AN_HOUR, held = stillLocked(path) } = options;
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'a+', 0o600);
  try {
    if (!(await flock(descriptor, ['--nonblock']))) {
      const holder = readFileSync(path, 'utf8').trim();
      if (waitSeconds > 0) log(`Waiting for process ${holder} or its children to release ${path} …`);
      if (waitSeconds === 0 || !(await flock(descriptor, ['--timeout', String(waitSeconds)]))) {
        throw new SetupError(held(holder));
      }
    }
    ftruncateSync(descriptor);
    writeSync(descriptor, `${process.pid}\n`);
    return await work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Locks an open file through flock(1); every process that inherited it then holds the lock.
 *
 * @param {number} descriptor
 * @param {string[]} args
 * @returns {Promise<boolean>} false when another process has the lock
 */
function flock(descriptor, args) {
  return new Promise((resolve, reject) => {
    const child = spawn('flock', [...args, '3'], { stdio: ['ignore', 'inherit', 'inherit', descriptor] });
    child.once('error', () => reject(new SetupError('flock is not installed. Install util-linux.')));
    child.once('close', (code, signal) => {
      if (code === 0 || code === 1) resolve(code === 0);
      else reject(new Error(`flock failed (${signal ?? code})`));
    });
  });
}

/** @param {string} path */
function stillLocked(path) {
  return (/** @type {string} */ holder) =>
    `${path} is still locked by process ${holder} or its children. Stop it (kill ${holder}), then try again.`;
}
