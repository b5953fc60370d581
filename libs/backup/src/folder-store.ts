import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BackupError } from './backup-error.js';
import type { BackupStore } from './backup-store.js';

/** Backups in a folder, which only this user can read. */
export class FolderStore implements BackupStore {
  constructor(private readonly folder: string) {}

  /** The file is on the disk under its final name, or not there at all. */
  async write(path: string, source: AsyncIterable<Buffer>): Promise<void> {
    const target = join(this.folder, path);
    const temporary = `${target}.part`;
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await pipeline(Readable.from(source), createWriteStream(temporary, { mode: 0o600, flush: true }));
    await rename(temporary, target);
    await flushFolder(dirname(target));
  }

  async read(path: string): Promise<Readable> {
    if (!(await this.exists(path))) throw new BackupError(`${path} is missing in ${this.folder}.`);
    return createReadStream(join(this.folder, path));
  }

  async exists(path: string): Promise<boolean> {
    return await access(join(this.folder, path)).then(
      () => true,
      () => false,
    );
  }

  async listTop(): Promise<string[]> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const entries = await readdir(this.folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  async removeTop(name: string): Promise<void> {
    await rm(join(this.folder, name), { recursive: true, force: true });
  }
}

/** Makes a rename survive a power failure. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
