import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './home.js';
import { ensureProgram } from './install-engine.js';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

const SUITE = 'bookworm';
const PREFIX = 'debian-root-';
const ARCHIVES = 'var/cache/apt/archives';

/**
 * Makes the root file system of a minimal Debian in a folder that exists while `use` runs. It keeps its package lists,
 * so that images based on it need not fetch them again.
 */
export async function makeDebianRoot(
  context: Context,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const { home, lock } = context;
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      'The images can neither be pulled (no registry answers) nor built (that needs root). Connect to a registry, or run this as root once.',
    );
  }
  await ensureProgram('debootstrap', context);
  await removeOldRoots(home);
  const folder = mkdtempSync(join(home, PREFIX));
  chmodSync(folder, 0o755);
  await runCommand('debootstrap', ['--variant=minbase', SUITE, folder], { lock });
  await runCommand('rm', ['-rf', '--', join(folder, ARCHIVES)]);
  mkdirSync(join(folder, ARCHIVES, 'partial'), { recursive: true });
  // As in Debian's own images: installing a service does not start it, and no package file is kept.
  writeFileSync(join(folder, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  writeFileSync(
    join(folder, 'etc/apt/apt.conf.d/docker-clean'),
    'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\nAPT::Install-Recommends "false";\n',
  );
  await use(folder);
  await removeOldRoots(home);
}

/** Removes what an interrupted run left behind, after unmounting the /proc that debootstrap mounts in it. */
async function removeOldRoots(home: string): Promise<void> {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
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
