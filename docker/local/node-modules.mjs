// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { step } from './progress.mjs';
import { runCommand } from './run-command.mjs';

/**
 * Installs the packages of package-lock.json unless exactly these are installed. Safe to kill and repeat.
 *
 * @param {string} root
 * @param {import('./progress.mjs').Log} log
 */
export async function ensureNodeModules(root, log) {
  const lockFile = join(root, 'package-lock.json');
  // npm writes this file last.
  const installed = join(root, 'node_modules/.package-lock.json');
  const stamp = join(root, 'node_modules/.nexos-stamp');
  const modified = (/** @type {string} */ path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const state = () =>
    `${createHash('sha256').update(readFileSync(lockFile)).digest('hex')} ${modified(installed)}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state()) return;
  await withLock(join(root, '.nexos/npm-ci.lock'), { log }, async (lock) => {
    if (modified(installed) < modified(lockFile)) {
      await step(log, 'Installing node modules (npm ci)', () =>
        runCommand('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, lock }),
      );
    }
    if (existsSync(installed)) writeFileSync(stamp, state());
  });
}
