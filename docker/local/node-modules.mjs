// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, writeAtomically } from './atomic-file.mjs';
import { findProgram } from './find-program.mjs';
import { step } from './progress.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage */

/**
 * Installs the packages of package-lock.json unless those very packages are installed.
 *
 * @param {{ root: string, home: string, log: (line: string) => void }} context
 */
export async function ensureNodeModules({ root, home, log }) {
  const stamp = join(root, 'node_modules/.nexos-stamp');
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lock).digest('hex');
  if (readIfThere(stamp) === hash) return;
  if (!isInstalled(root, lock)) {
    if (findProgram('npm') === undefined)
      throw new SetupError('npm is not installed; it comes with Node.js.');
    await step(log, 'Installing node modules (npm ci)', () =>
      runCommand('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, home }),
    );
  }
  if (existsSync(join(root, 'node_modules'))) writeAtomically(stamp, hash, 0o644);
}

/**
 * Whether somebody has already run npm for this lock. npm writes down what it installed as its last act; what
 * it leaves out are optional packages for other systems.
 *
 * @param {string} root
 * @param {string} lock
 */
function isInstalled(root, lock) {
  const installedText = readIfThere(join(root, 'node_modules/.package-lock.json'));
  if (installedText === undefined) return false;
  /** @type {Record<string, LockedPackage>} */
  const wanted = JSON.parse(lock).packages;
  /** @type {Record<string, LockedPackage>} */
  const installed = JSON.parse(installedText).packages;
  const nothingElse = Object.keys(installed).every((path) => path in wanted);
  const allThere = Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    if (found === undefined) return path === '' || entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
  return nothingElse && allThere;
}
