import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { BackupStore } from './backup-store.js';
import { type BackupFile, type Manifest, writeManifest } from './manifest.js';

/** Backups are limited by the disk and the network, not by a few percent of size. */
const FASTEST = 1;

type Contents = Omit<Manifest, 'files' | 'format' | 'name'>;

/** Writes the files of one backup, and at the end the manifest that makes it whole. */
export class BackupWriter {
  private readonly files: BackupFile[] = [];

  constructor(
    private readonly store: BackupStore,
    readonly name: string,
  ) {}

  /** Compresses a stream into a file, without holding it in memory. A failed file is not part of the backup. */
  async write(path: string, source: AsyncIterable<Buffer>): Promise<void> {
    const hash = createHash('sha256');
    let bytes = 0;
    async function* measured(compressed: AsyncIterable<Buffer>) {
      for await (const chunk of compressed) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    }
    await pipeline(source, createGzip({ level: FASTEST }), (compressed: AsyncIterable<Buffer>) =>
      this.store.write(`${this.name}/${path}`, measured(compressed)),
    );
    this.files.push({ path, bytes, sha256: hash.digest('hex') });
  }

  /** Returns the bytes of all files. */
  async finish(contents: Contents): Promise<number> {
    const manifest: Manifest = { format: 1, name: this.name, ...contents, files: this.files };
    await this.store.write(`${this.name}/manifest.json`, once(writeManifest(manifest)));
    return this.files.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
