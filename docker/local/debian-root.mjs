// @ts-check
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canInstall, installPackages } from './apt.mjs';
import { findProgram } from './find-program.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

const SUITE = 'bookworm';
const PREFIX = 'debian-root-';

/**
 * Makes the root file system of a minimal Debian in a folder that exists while `use` runs. It keeps its package
 * lists, so that the images on top of it need not fetch them again.
 *
 * @param {import('./docker-engine.mjs').Context} context
 * @param {(folder: string) => Promise<void>} use
 */
export async function makeDebianRoot({ home, log }, use) {
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      'The images can neither be pulled (no registry answers) nor be built (that needs root). Connect to a registry, or run this as root once.',
    );
  }
  if (findProgram('debootstrap') === undefined) {
    if (!canInstall()) {
      throw new SetupError(
        'The images cannot be pulled (no registry answers), and debootstrap, which would build them, is not installed.',
      );
    }
    await installPackages(['debootstrap'], log);
  }
  await removeOldRoots(home);
  const folder = mkdtempSync(join(home, PREFIX));
  chmodSync(folder, 0o755);
  await runCommand('debootstrap', ['--variant=minbase', SUITE, folder], { home });
  await runCommand('rm', ['-rf', '--', join(folder, 'var/cache/apt/archives')]);
  mkdirSync(join(folder, 'var/cache/apt/archives/partial'), { recursive: true });
  // As in Debian's own images: no service is started by installing it, and no package file is kept.
  writeFileSync(join(folder, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  writeFileSync(
    join(folder, 'etc/apt/apt.conf.d/docker-clean'),
    'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\nAPT::Install-Recommends "false";\n',
  );
  await use(folder);
  await removeOldRoots(home);
}

/**
 * Removes what an interrupted run has left, after unmounting the /proc that debootstrap mounts in it.
 *
 * @param {string} home
 */
async function removeOldRoots(home) {
  const mounts = (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const name of readdirSync(home).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(home, name);
    for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).reverse()) {
      await runCommand('umount', ['--', mount]);
    }
    await runCommand('rm', ['-rf', '--one-file-system', '--', folder]);
  }
}
