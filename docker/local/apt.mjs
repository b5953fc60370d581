// @ts-check
import { findProgram } from './find-program.mjs';
import { messageOf } from './setup-error.mjs';
import { runCommand } from './run-command.mjs';

const LOCK_SECONDS = 120;

/** Whether packages may be installed here: apt is there and we are root. */
export function canInstall() {
  return process.getuid?.() === 0 && findProgram('apt-get') !== undefined;
}

/**
 * Installs Debian packages. Safe to repeat, also after an installation that was cut off.
 *
 * @param {string[]} packages
 * @param {(line: string) => void} log
 */
export async function installPackages(packages, log) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = ['-o', `DPkg::Lock::Timeout=${LOCK_SECONDS}`];
  try {
    await runCommand('apt-get', [...apt, 'update'], { env });
  } catch (error) {
    // One unreachable third-party source fails the update although all that is needed has been fetched.
    log(`Going on with the package lists that are there: ${messageOf(error)}`);
  }
  await runCommand('dpkg', ['--configure', '-a'], { env });
  await runCommand('apt-get', [...apt, 'install', '-y', '--no-install-recommends', ...packages], { env });
}
