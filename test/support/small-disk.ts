import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmdirSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, isRunning } from './process-identity.js';

const MIB = 1024 * 1024;
/** The process that made it and when that began, so that nobody takes away what is in use. */
const NAME = /^nexos-small-disk-(\d+)-(\d+)-[A-Za-z0-9]{6}$/;

/** A folder on a disk of its own that is small and may be filled: it lies in memory. Needs root. */
export class SmallDisk {
  readonly folder: string;

  constructor(sizeMb: number) {
    removeLeft();
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

/** What runs that were killed have left. */
function removeLeft(): void {
  for (const entry of readdirSync(tmpdir(), { withFileTypes: true })) {
    const [, pid = '', began = ''] = NAME.exec(entry.name) ?? [];
    if (pid === '' || !entry.isDirectory() || isRunning({ pid: Number(pid), began })) continue;
    remove(join(tmpdir(), entry.name));
  }
}

/** Of the folder itself only as long as it is empty, as it is below the disk. */
function remove(folder: string): void {
  if (readFileSync('/proc/self/mounts', 'utf8').includes(` ${folder} `))
    execFileSync('umount', ['--lazy', folder]);
  rmdirSync(folder);
}
