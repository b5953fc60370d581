// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { step } from './progress.mjs';
import { runCommand } from './run-command.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage */

/**
 * Installs the packages of package-lock.json unless exactly those are installed. Safe to kill and repeat.
 *
 * @param {string} root
 * @param {import('./progress.mjs').Log} log
 */
export async function ensureNodeModules(root, log) {
  const stamp = join(root, 'node_modules/.nexos-stamp');
  const wanted = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(wanted).digest('hex');
  const isStamped = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (isStamped()) return;
  await withLock(join(root, '.nexos/npm-ci.lock'), { log }, async (lock) => {
    if (isStamped()) return;
    if (!isInstalled(root, wanted)) {
      await step(log, 'Installing node modules (npm ci)', () =>
        runCommand('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, lock }),
      );
    }
    if (existsSync(join(root, 'node_modules'))) writeFileSync(stamp, hash);
  });
}

/**
 * Reports whether npm has already been run for this lock file. npm's last act is to write what it installed, without
 * the optional packages of other systems.
 *
 * @param {string} root
 * @param {string} wantedText
 */
function isInstalled(root, wantedText) {
  const hidden = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  /** @type {Record<string, LockedPackage>} */
  const wanted = JSON.parse(wantedText).packages;
  /** @type {Record<string, LockedPackage>} */
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  if (Object.keys(installed).some((path) => !(path in wanted))) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    if (found === undefined) return path === '' || entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}
