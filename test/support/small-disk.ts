import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MIB = 1024 * 1024;
const FOLDER = join(tmpdir(), 'nexos-small-disk');

/** A folder on a disk of its own that is small and may be filled: it lies in memory. Needs root. One at a time. */
export class SmallDisk {
  readonly folder = FOLDER;

  constructor(sizeMb: number) {
    this.remove();
    mkdirSync(FOLDER, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=0700`, 'tmpfs', FOLDER]);
  }

  get freeMb(): number {
    const { bavail, bsize } = statfsSync(FOLDER);
    return (bavail * bsize) / MIB;
  }

  /** Also what a run that was killed has left. */
  remove(): void {
    if (readFileSync('/proc/self/mounts', 'utf8').includes(` ${FOLDER} `))
      execFileSync('umount', ['--lazy', FOLDER]);
    rmSync(FOLDER, { recursive: true, force: true });
  }
}
