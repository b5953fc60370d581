import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';

export interface TarEntry {
  readonly type: string;
  /** Permission bits. */
  readonly mode: number;
  readonly linkname: string;
  readonly modified: Date | undefined;
  readonly content: Buffer;
  readonly text: string;
}

/** Reads a whole tar archive; rejects when the stream fails. */
export async function untar(stream: Readable): Promise<Map<string, TarEntry>> {
  const entries = new Map<string, TarEntry>();
  const extractor = extract();
  const reading = pipeline(stream, extractor);
  // Iterating may fail first, with the same error.
  reading.catch(() => undefined);
  for await (const entry of extractor) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const content = Buffer.concat(chunks);
    const { name, type, mode, linkname, mtime: modified } = entry.header;
    entries.set(name, { type, mode, linkname, modified, content, text: content.toString() });
  }
  await reading;
  return entries;
}

/** Reads a whole stream; rejects when it fails. */
export async function bytes(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  await pipeline(stream, sink);
  return Buffer.concat(chunks);
}
