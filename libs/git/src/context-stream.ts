import { PassThrough, pipeline as pipe, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DeploymentFailure } from '@nexos/domain';
import { extract, type ExtractEvents, type Pack, pack } from 'tar-stream';
import { nameNotUtf8 } from './context-tree.js';
import { GitExit, type RunningGit } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';

type Entry = ExtractEvents['entry'][1];

/** Bytes of a tar header. */
const HEADER = 512;

export interface ContextStreamOptions {
  /** `<sha>:<folder>` */
  readonly tree: string;
  /** Paths without a trailing slash; everything else is left out. */
  readonly keep: ReadonlySet<string>;
  /** Sent in place of the tree's file of that name, which attributes could change. Null: not in the context. */
  readonly dockerfile: { readonly name: string; readonly content: Buffer } | null;
  /** Modification time of every file. */
  readonly modified: Date;
  readonly limitBytes: number;
  readonly tooLarge: () => DeploymentFailure;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Streams `git archive` without the excluded files. A truncated tar still unpacks, so the stream ends cleanly only after
 * git exits with 0, and fails in every other case.
 */
export function contextStream(mirror: MirrorFolder, options: ContextStreamOptions): Readable {
  const git = mirror.start(['archive', '--format=tar', options.tree], { signal: options.signal });
  // Consumes git's output immediately, because git may exit before anybody reads the stream.
  const output = new PassThrough({
    destroy: (error, done) => {
      git.kill();
      git.stdout.destroy();
      if (error === null) done(null);
      else failureOf(error, git, mirror, options.signal).then(done, done);
    },
  });
  fill(output, git, options).catch((error: unknown) => output.destroy(error as Error));
  return output;
}

async function fill(output: PassThrough, git: RunningGit, options: ContextStreamOptions): Promise<void> {
  const packer = pack();
  // A failure of either stream reaches the other, and so both the writer of an entry and the reader of the output.
  pipe(packer, output, () => undefined);
  const extractor = extract();
  const reading = pipeline(git.stdout, extractor);
  reading.catch(() => undefined);
  let size = 0;
  const { dockerfile, modified } = options;
  for await (const entry of extractor) {
    const { name, mode, size: bytes } = entry.header;
    if (name === dockerfile?.name) {
      size += HEADER + dockerfile.content.length;
      packer.entry({ name, mode, mtime: modified, uid: 0, gid: 0 }, dockerfile.content);
      entry.resume();
    } else if (options.keep.has(name.replace(/\/$/, ''))) {
      // Attributes such as `eol` can make a file larger than its size in the tree.
      size += HEADER + bytes;
      if (size > options.limitBytes) throw options.tooLarge();
      await copyEntry(entry, packer, modified);
    } else {
      entry.resume();
    }
  }
  await reading;
  await git.finished;
  packer.finalize();
}

/** Copies an entry with a new header; the library writes an extended one where a name needs it. */
async function copyEntry(entry: Entry, packer: Pack, modified: Date): Promise<void> {
  const { name, mode, size, type, linkname } = entry.header;
  // The library replaces what it cannot decode.
  if (type === 'symlink' && linkname.includes('\uFFFD'))
    throw nameNotUtf8(`The target of the symbolic link "${name}"`);
  const header = { name, mode, type, linkname, mtime: modified, uid: 0, gid: 0 };
  if (type === 'file') {
    await pipeline(entry, packer.entry({ ...header, size }));
    return;
  }
  packer.entry(header);
  entry.resume();
}

/** Returns the error for the reader of an aborted stream: git's own, rather than one that followed from it. */
async function failureOf(
  error: Error,
  git: RunningGit,
  mirror: MirrorFolder,
  signal: AbortSignal | undefined,
): Promise<Error> {
  if (signal?.aborted === true) return signal.reason as Error;
  if (error instanceof DeploymentFailure) return error;
  const cause: unknown = await git.finished.then(
    () => error,
    (exit: unknown) => exit,
  );
  // An exit code means a problem with the repository; without one, a signal killed git.
  if (cause instanceof GitExit && cause.exitCode !== null) await mirror.reportDamage();
  return new DeploymentFailure(
    'internal_error',
    'The source code could not be read completely. Deploy again.',
    {
      cause,
    },
  );
}
