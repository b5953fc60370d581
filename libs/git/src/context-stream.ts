import { PassThrough, pipeline as pipe, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DeploymentFailure } from '@nexos/domain';
import { extract, type ExtractEvents, type Pack, pack } from 'tar-stream';
import { GitExit, type RunningGit } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';

type Entry = ExtractEvents['entry'][1];

/** Bytes of a tar's header. */
const HEADER = 512;

export interface ContextStreamOptions {
  /** `<sha>:<folder>` */
  readonly tree: string;
  /** Paths without a slash at the end; all else is left out. */
  readonly keep: ReadonlySet<string>;
  /** A file that is not in the tree. */
  readonly added: { readonly name: string; readonly content: Buffer } | null;
  /** Given to every file. */
  readonly modified: Date;
  readonly limitBytes: number;
  readonly tooLarge: () => DeploymentFailure;
  readonly signal?: AbortSignal | undefined;
}

/**
 * `git archive` with some of its files left out. A tar that was cut off still unpacks, so the stream ends only after
 * git ended with 0, and fails in any other case.
 */
export function contextStream(mirror: MirrorFolder, options: ContextStreamOptions): Readable {
  const git = mirror.start(['archive', '--format=tar', options.tree], { signal: options.signal });
  // Takes git's output at once: git may be gone before anybody reads here.
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
  // A failure of either reaches the other, and with it whoever writes an entry or reads the output.
  pipe(packer, output, () => undefined);
  const extractor = extract();
  const reading = pipeline(git.stdout, extractor);
  reading.catch(() => undefined);
  let size = 0;
  if (options.added !== null) {
    const { name, content } = options.added;
    size += HEADER + content.length;
    packer.entry({ name, mode: 0o644, size: content.length, mtime: options.modified }, content);
  }
  for await (const entry of extractor) {
    const { name, size: bytes } = entry.header;
    if (options.keep.has(name.replace(/\/$/, ''))) {
      // Attributes such as `eol` may have made a file larger than the tree says.
      size += HEADER + bytes;
      if (size > options.limitBytes) throw options.tooLarge();
      await copyEntry(entry, packer, options.modified);
    } else {
      entry.resume();
    }
  }
  await reading;
  await git.finished;
  packer.finalize();
}

/** The header is made anew: the library writes the extended one itself where a name needs it. */
async function copyEntry(entry: Entry, packer: Pack, modified: Date): Promise<void> {
  const { name, mode, size, type, linkname } = entry.header;
  const header = { name, mode, type, linkname, mtime: modified, uid: 0, gid: 0 };
  if (type === 'file') {
    await pipeline(entry, packer.entry({ ...header, size }));
    return;
  }
  packer.entry(header);
  entry.resume();
}

/** What to tell the reader of a stream that was broken off: what git says of it, rather than what followed. */
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
  // An exit code is a complaint about the repository; without one git was ended by a signal.
  if (cause instanceof GitExit && cause.exitCode !== null) await mirror.reportDamage();
  return new DeploymentFailure('internal_error', 'The source could not be read to its end. Deploy again.', {
    cause,
  });
}
