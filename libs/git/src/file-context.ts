import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { assertCommitSha, DeploymentFailure } from '@nexos/domain';
import { pack } from 'tar-stream';
import type { RunningGit } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';
import { normalizeRepositoryPath } from './repository-path.js';

export interface FileContextOptions {
  readonly sha: string;
  /** Path of a file in that commit. */
  readonly path: string;
  /** Size of the file in bytes. */
  readonly size: number;
  /** Name of the file in the context. */
  readonly name: string;
  readonly dockerfile: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Streams a build context, as a tar, of one file of a commit and the given Dockerfile. A stream with an incomplete file
 * ends with an error, never cleanly.
 */
export function fileContext(mirror: MirrorFolder, options: FileContextOptions): Readable {
  assertCommitSha(options.sha);
  const object = `${options.sha}:${normalizeRepositoryPath(options.path)}`;
  const git = mirror.start(['cat-file', 'blob', object], { signal: options.signal });
  // Consumes git's output immediately, because git may exit before anybody reads the stream.
  const output = new PassThrough({
    destroy: (error, done) => {
      git.kill();
      git.stdout.destroy();
      done(error);
    },
  });
  fill(output, git, options).catch((cause: unknown) => {
    const message = `${options.path} could not be read completely. Deploy again.`;
    output.destroy(new DeploymentFailure('internal_error', message, { cause }));
  });
  return output;
}

async function fill(
  output: PassThrough,
  git: RunningGit,
  { name, size, dockerfile }: FileContextOptions,
): Promise<void> {
  const packer = pack();
  const sending = pipeline(packer, output);
  sending.catch(() => undefined);
  packer.entry({ name: 'Dockerfile', mode: 0o644, mtime: new Date(0) }, dockerfile);
  await pipeline(git.stdout, packer.entry({ name, size, mode: 0o644, mtime: new Date(0) }));
  await git.finished;
  packer.finalize();
  await sending;
}
