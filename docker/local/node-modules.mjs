// @ts-check
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { step } from './progress.mjs';
import { runCommand } from './run-command.mjs';

/**
 * Installs the packages of package-lock.json unless npm has done so since that changed. Safe to kill and repeat.
 *
 * @param {string} root
 * @param {import('./progress.mjs').Log} log
 */
export async function ensureNodeModules(root, log) {
  if (isInstalled(root)) return;
  await withLock(join(root, '.nexos/npm-ci.lock'), { log }, async (lock) => {
    if (isInstalled(root)) return;
    await step(log, 'Installing node modules (npm ci)', () =>
      runCommand('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, lock }),
    );
  });
}

/**
 * npm's last act is to write down what it has installed.
 *
 * @param {string} root
 */
function isInstalled(root) {
  const installed = statSync(join(root, 'node_modules/.package-lock.json'), { throwIfNoEntry: false });
  return installed !== undefined && installed.mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}
