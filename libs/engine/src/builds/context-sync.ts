import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type * as grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs/light.js';
import { extract } from 'tar-stream';
import type { SessionMethod } from './session-methods.js';

/** A build context without its Dockerfile, which BuildKit gets apart from it, as from `docker build`. */
export interface SyncedContext {
  /** Opens the context as a tar; called several times. The tar is always the same. */
  readonly open: () => Readable;
  readonly dockerfile: Buffer;
}

/** The name of the Dockerfile in the folder that BuildKit reads it from. */
export const SYNCED_DOCKERFILE = 'Dockerfile';

type Call = grpc.ServerDuplexStream<Buffer, Buffer>;

/** https://github.com/tonistiigi/fsutil/tree/master/types */
interface Stat {
  readonly path: string;
  /** Of Go's os.FileMode. */
  readonly mode: number;
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly modTime: number;
  readonly linkname: string;
}

const Packet = protobuf.Root.fromJSON({
  nested: {
    Packet: {
      fields: {
        type: { type: 'int32', id: 1 },
        stat: { type: 'Stat', id: 2 },
        ID: { type: 'uint32', id: 3 },
        data: { type: 'bytes', id: 4 },
      },
    },
    Stat: {
      fields: {
        path: { type: 'string', id: 1 },
        mode: { type: 'uint32', id: 2 },
        size: { type: 'int64', id: 5 },
        modTime: { type: 'int64', id: 6 },
        linkname: { type: 'string', id: 7 },
      },
    },
  },
}).lookupType('Packet');
const STAT = 0;
const REQUEST = 1;
const DATA = 2;
const FINISHED = 3;
const MODE_DIRECTORY = 2 ** 31;
const MODE_SYMLINK = 2 ** 27;
/** Every file of a new copy is requested at once, so a file that is not requested for so long is not needed. */
const PATIENCE_MS = 1_000;
const POLL_MS = 5;

/**
 * Sends the context over the build's session. BuildKit asks for the folder of the Dockerfile, for the `.dockerignore`,
 * which has been applied already, and for the context.
 *
 * @param onFailure called with the error of a context that cannot be sent completely
 */
export function contextMethod(context: SyncedContext, onFailure: (error: Error) => void): SessionMethod {
  return {
    path: '/moby.filesync.v1.FileSync/DiffCopy',
    isStream: true,
    handle: (call: Call) => {
      // A broken connection fails the build, which reports it.
      call.on('error', () => undefined);
      respond(call, context).then(
        () => call.end(),
        (error: unknown) => {
          // A build that failed for another reason ends the transfer too.
          if (!call.cancelled) onFailure(error as Error);
          call.destroy(error as Error);
        },
      );
    },
  };
}

async function respond(call: Call, { open, dockerfile }: SyncedContext): Promise<void> {
  const header = (name: string) => call.metadata.get(name).map(String);
  const [folder = ''] = header('dir-name');
  if (folder === 'dockerfile') {
    const stat = { path: SYNCED_DOCKERFILE, mode: 0o644, size: dockerfile.length, modTime: 0, linkname: '' };
    await new Sender(call, [stat]).send(() => Readable.from([[SYNCED_DOCKERFILE, [dockerfile]] as const]));
  } else if (header('followpaths').join() === '.dockerignore') {
    await new Sender(call, []).send(() => Readable.from([]));
  } else {
    const openUntilCancelled = () => {
      const tar = open();
      call.once('cancelled', () => tar.destroy());
      return tar;
    };
    const stats = await listFiles(openUntilCancelled());
    await new Sender(call, stats).send(() => readFiles(openUntilCancelled()));
  }
}

type Files = AsyncIterable<readonly [path: string, content: AsyncIterable<Buffer> | Iterable<Buffer>]>;

/** One transfer: https://github.com/tonistiigi/fsutil/blob/master/send.go */
class Sender {
  private readonly requested = new Set<number>();
  private readonly sent = new Set<number>();
  private requestedAt = performance.now();
  private isFinished = false;
  private readonly ended = new AbortController();

  constructor(
    private readonly call: Call,
    private readonly stats: readonly Stat[],
  ) {}

  /** @param open returns the files, in any order; called again for files that were requested late */
  async send(open: () => Files): Promise<void> {
    this.call.on('data', (message: Buffer) => {
      const { type, ID: id } = Packet.decode(message) as unknown as { type: number; ID: number };
      if (type === REQUEST) this.requested.add(id);
      if (type === FINISHED) this.isFinished = true;
      this.requestedAt = performance.now();
    });
    this.call.on('cancelled', () => this.ended.abort());
    for (const stat of this.stats) await this.write({ type: STAT, stat });
    await this.write({ type: STAT });
    const ids = new Map(this.stats.map(({ path }, id) => [path, id]));
    while (!(await this.isDone())) {
      for await (const [path, content] of open()) {
        const id = ids.get(path);
        if (id === undefined || this.sent.has(id) || !(await this.isRequested(id))) continue;
        for await (const data of content) await this.write({ type: DATA, ID: id, data });
        await this.write({ type: DATA, ID: id });
        this.sent.add(id);
      }
    }
    await this.write({ type: FINISHED });
  }

  /** Waits until the receiver has everything, or wants a file that was not sent. */
  private async isDone(): Promise<boolean> {
    while (!this.isFinished && this.requested.size === this.sent.size) await this.pause();
    return this.isFinished;
  }

  private async isRequested(id: number): Promise<boolean> {
    while (!this.requested.has(id) && !this.isFinished) {
      if (performance.now() - this.requestedAt > PATIENCE_MS) break;
      await this.pause();
    }
    return this.requested.has(id);
  }

  private async pause(): Promise<void> {
    await wait(POLL_MS, undefined, { signal: this.ended.signal });
  }

  private async write(packet: object): Promise<void> {
    if (this.call.write(Buffer.from(Packet.encode(packet).finish()))) return;
    await once(this.call, 'drain', { signal: this.ended.signal });
  }
}

/** Lists a tar in the order that the receiver checks: the parts of paths, one by one. */
async function listFiles(tar: Readable): Promise<Stat[]> {
  const stats: Stat[] = [];
  for await (const entry of entriesOf(tar)) {
    const { name, mode, size, type, mtime, linkname } = entry.header;
    const kind = type === 'directory' ? MODE_DIRECTORY : type === 'symlink' ? MODE_SYMLINK : 0;
    stats.push({
      path: name.replace(/\/$/, ''),
      mode: kind + mode,
      size: type === 'file' ? size : 0,
      modTime: mtime.getTime() * 1_000_000,
      linkname: type === 'symlink' ? linkname : '',
    });
    entry.resume();
  }
  const keys = new Map(stats.map(({ path }) => [path, Buffer.from(path.replaceAll('/', '\0'))]));
  const keyOf = ({ path }: Stat) => keys.get(path) ?? Buffer.alloc(0);
  return stats.sort((one, other) => Buffer.compare(keyOf(one), keyOf(other)));
}

async function* readFiles(tar: Readable): Files {
  for await (const entry of entriesOf(tar)) {
    if (entry.header.type === 'file') yield [entry.header.name, entry as AsyncIterable<Buffer>];
    entry.resume();
  }
}

/** Ends with an error when the tar does. */
async function* entriesOf(tar: Readable) {
  const extractor = extract();
  const reading = pipeline(tar, extractor);
  reading.catch(() => undefined);
  try {
    yield* extractor;
  } catch (error) {
    // The tar's own error explains more than the one that followed from it.
    await reading;
    throw error;
  }
  await reading;
}
