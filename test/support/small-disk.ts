import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmdirSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, isRunning } from './process-identity.js';

const MIB = 1024 * 1024;
/** Contains the owner's process id and start time, so that nobody removes a disk in use. */
const NAME = /^nexos-small-disk-(\d+)-(\d+)-[A-Za-z0-9]{6}$/;

/** A folder on a small in-memory disk that tests may fill. Needs root. */
export class SmallDisk {
  readonly folder: string;

  constructor(sizeMb: number) {
    removeLeftovers();
    const { pid, began } = identify(process.pid);
    this.folder = mkdtempSync(join(tmpdir(), `nexos-small-disk-${pid}-${began}-`));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=0700`, 'tmpfs', this.folder]);
  }

  get freeMb(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return (bavail * bsize) / MIB;
  }

  remove(): void {
    remove(this.folder);
  }
}

/** Removes the disks that killed runs left. */
function removeLeftovers(): void {
  for (const entry of readdirSync(tmpdir(), { withFileTypes: true })) {
    const [, pid = '', began = ''] = NAME.exec(entry.name) ?? [];
    if (pid === '' || !entry.isDirectory() || isRunning({ pid: Number(pid), began })) continue;
    remove(join(tmpdir(), entry.name));
  }
}

/** Unmounts the disk, and removes its folder only if that is empty, as it is below the disk. */
function remove(folder: string): void {
  if (readFileSync('/proc/self/mounts', 'utf8').includes(` ${folder} `))
    execFileSync('umount', ['--lazy', folder]);
  rmdirSync(folder);
}
