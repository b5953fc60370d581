import type { Readable } from 'node:stream';

/** Files of backups, by paths such as `20261201T021500Z-3f9a1c/manifest.json`. */
export interface BackupStore {
  /** Writes a whole file or, if the source fails, none. Reads the source as fast as it can write. */
  write(path: string, source: AsyncIterable<Buffer>): Promise<void>;
  /** @throws {BackupError} when the file does not exist */
  read(path: string): Promise<Readable>;
  exists(path: string): Promise<boolean>;
  /** Lists the names at the top, in any order. */
  listTop(): Promise<string[]>;
  /** Removes all files below a name at the top. */
  removeTop(name: string): Promise<void>;
}
