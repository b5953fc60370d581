import type { Readable } from 'node:stream';
import { settleAll, assertCommitSha, DeploymentFailure, keepsFile, startingPointOf } from '@nexos/domain';
import { COMMIT_LIMIT, commitSeconds } from './commit-time.js';
import { contextStream } from './context-stream.js';
import { type ListedEntry, listTree, nameNotUtf8, type TreeEntry } from './context-tree.js';
import { ignoredPaths } from './docker-ignore.js';
import { readObjects, type GitObject } from './git-objects.js';
import { GitExit } from './git-process.js';
import { lfsPointers } from './lfs-pointers.js';
import type { MirrorFolder } from './mirror-folder.js';
import { normalizeRepositoryPath, PathOutsideRepositoryError } from './repository-path.js';

const MIB = 1024 * 1024;
const DOCKERFILE_LIMIT = 4 * MIB;
const IGNORE_LIMIT = MIB;

export interface BuildContext {
  /** Opens a tar, always the same. An incomplete one ends with an error, never cleanly. */
  readonly open: () => Readable;
  /** The Dockerfile's name inside the tar; null when it is not in it, because it is ignored, elsewhere, or a link. */
  readonly dockerfile: string | null;
  readonly content: Buffer;
  /** Paths in the tar of files that are only pointers to files in Git LFS. */
  readonly lfsPointers: readonly string[];
}

interface Request {
  readonly sha: string;
  readonly buildContext: string;
  readonly dockerfile: string;
  readonly limitBytes: number;
  /** Called with the Dockerfile that will be sent, before the stream is opened. What it throws ends the call. */
  readonly inspect?: ((dockerfile: string) => void) | undefined;
  /**
   * Returns the path of a file to leave out, relative to the root of the repository, or null. An exception in the
   * `.dockerignore` keeps it.
   */
  readonly leaveOut?: ((dockerfile: string) => string | null) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens the build context of a commit. Finds problems before it opens the stream, as far as possible. */
export async function openBuildContext(mirror: MirrorFolder, request: Request): Promise<BuildContext> {
  assertCommitSha(request.sha);
  const folder = inside(request.buildContext, contextNotFound);
  const dockerfile = inside(request.dockerfile, (cause) => dockerfileMissing('the given path', cause));
  // Both run git. Failures are reported in this order, whichever comes first.
  const [sources, entries] = await settleAll([
    readSources(mirror, request, folder, dockerfile),
    listContext(mirror, request, folder),
  ]);
  const content = textOf(sources.dockerfile, DOCKERFILE_LIMIT);
  if (content === null) {
    const paths = entries.flatMap(({ path, kind }) => (kind === 'folder' ? [] : [path]));
    throw dockerfileMissing(request.dockerfile, undefined, startingPointOf(paths, folder));
  }
  request.inspect?.(content.toString());
  // `<Dockerfile>.dockerignore` wins over the context's own, as in BuildKit.
  const ignored = sources.ignoreFiles.find((file) => file?.type === 'blob') ?? null;
  const ignoreText = textOf(ignored, IGNORE_LIMIT)?.toString() ?? '';

  const leftOut = unneeded(request.leaveOut?.(content.toString()) ?? null, folder, ignoreText);
  const kept = (await keptEntries(entries, ignoreText)).filter(
    ({ path, kind }) => kind !== 'file' || path !== leftOut,
  );
  const inContext = relativeTo(folder, dockerfile);
  const isKept = kept.some(({ path, kind }) => path === inContext && kind === 'file');
  const name = isKept ? inContext : null;
  assertReadableNames(kept);
  const size = kept.reduce((sum, entry) => sum + entry.size, 0);
  if (size > request.limitBytes) throw contextTooLarge(request.limitBytes);
  const options = {
    tree: `${request.sha}:${folder}`,
    keep: new Set(kept.map((entry) => entry.path)),
    dockerfile: name === null ? null : { name, content },
    modified: sources.modified,
    limitBytes: request.limitBytes,
    tooLarge: () => contextTooLarge(request.limitBytes),
    signal: request.signal,
  };
  const pointers = await lfsPointers(mirror, kept, request.signal);
  return { open: () => contextStream(mirror, options), dockerfile: name, content, lfsPointers: pointers };
}

async function listContext(
  mirror: MirrorFolder,
  { sha, limitBytes, signal }: Request,
  folder: string,
): Promise<ListedEntry[]> {
  const entries = await listTree(mirror, `${sha}:${folder}`, signal);
  if (entries === null) throw contextNotFound();
  if (entries === 'too large') throw contextTooLarge(limitBytes);
  return entries;
}

/** Returns the files that are not ignored, and the folders that contain them. */
async function keptEntries(entries: readonly ListedEntry[], ignoreText: string): Promise<ListedEntry[]> {
  const ignored = await ignoredPaths(
    ignoreText,
    entries.map((entry) => entry.path),
  );
  const needed = new Set<string>();
  const isKept = (entry: TreeEntry): boolean => !ignored.has(entry.path);
  for (const entry of entries) {
    if (entry.kind === 'folder' || !isKept(entry)) continue;
    for (let end = entry.path.lastIndexOf('/'); end > 0; end = entry.path.lastIndexOf('/', end - 1)) {
      needed.add(entry.path.slice(0, end));
    }
  }
  return entries.filter((entry) => isKept(entry) || needed.has(entry.path));
}

/** Returns the path in the context of a file to leave out; null if it is elsewhere, or the `.dockerignore` keeps it. */
function unneeded(path: string | null, folder: string, ignoreText: string): string | null {
  if (path === null || keepsFile(ignoreText, path)) return null;
  return relativeTo(folder, normalizeRepositoryPath(path));
}

interface Sources {
  /** The time of the commit, so that the same commit always yields the same tar. */
  readonly modified: Date;
  readonly dockerfile: GitObject | null;
  /** The first that exists counts; the size of the other one does not matter. */
  readonly ignoreFiles: readonly (GitObject | null)[];
}

async function readSources(
  mirror: MirrorFolder,
  { sha, signal }: Request,
  folder: string,
  dockerfile: string,
): Promise<Sources> {
  const ignoreFiles = [
    `${dockerfile}.dockerignore`,
    folder === '' ? '.dockerignore' : `${folder}/.dockerignore`,
  ];
  const wanted = [
    { name: `${sha}^{commit}`, limitBytes: COMMIT_LIMIT },
    { name: `${sha}:${dockerfile}`, limitBytes: DOCKERFILE_LIMIT },
    ...ignoreFiles.map((path) => ({ name: `${sha}:${path}`, limitBytes: IGNORE_LIMIT })),
  ];
  const objects = readObjects(mirror, wanted, signal);
  const [commit = null, content = null, ...ignored] = await objects.catch((error: unknown) => {
    throw error instanceof GitExit ? commitNotFound(error) : error;
  });
  if (commit === null) throw commitNotFound();
  const modified = new Date(1000 * commitSeconds(commit));
  return { modified, dockerfile: content, ignoreFiles: ignored };
}

/** Returns the content of a file; null when the object is not a file. */
function textOf(file: GitObject | null, limitBytes: number): Buffer | null {
  if (file?.type !== 'blob') return null;
  if (file.content !== null) return file.content;
  const message = `The Dockerfile or its .dockerignore is larger than ${limitBytes / MIB} MiB. Make it smaller.`;
  throw new DeploymentFailure('dockerfile_invalid', message);
}

function inside(path: string, failure: (cause: unknown) => DeploymentFailure): string {
  try {
    return normalizeRepositoryPath(path);
  } catch (error) {
    throw error instanceof PathOutsideRepositoryError ? failure(error) : error;
  }
}

function relativeTo(folder: string, path: string): string | null {
  if (folder === '') return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
}

/** @throws {DeploymentFailure} file_name_invalid: BuildKit's protocols have only UTF-8 names */
function assertReadableNames(entries: readonly TreeEntry[]): void {
  const unreadable = entries.find(({ isUtf8 }) => !isUtf8);
  if (unreadable !== undefined) throw nameNotUtf8(`The name of the file "${unreadable.path}"`);
}

/** The commit was fetched just before, so another process has recreated the mirror meanwhile. */
function commitNotFound(cause?: unknown): DeploymentFailure {
  const message = 'The commit is no longer in the local copy of the repository. Deploy again.';
  return new DeploymentFailure('commit_not_found', message, cause === undefined ? {} : { cause });
}

function contextNotFound(cause?: unknown): DeploymentFailure {
  const message =
    "The build context is not a directory of this commit. Correct build_context in the project's settings, or build.context in nexos.yaml.";
  return new DeploymentFailure('context_not_found', message, cause === undefined ? {} : { cause });
}

function dockerfileMissing(
  path: string,
  cause?: unknown,
  remedy = "Correct the path in the project's settings or in nexos.yaml.",
): DeploymentFailure {
  const message = `This commit has no Dockerfile at ${path}, relative to the root of the repository. ${remedy}`;
  return new DeploymentFailure('dockerfile_missing', message, cause === undefined ? {} : { cause });
}

function contextTooLarge(limitBytes: number): DeploymentFailure {
  const message = `The build context is larger than ${Math.floor(limitBytes / MIB)} MiB. Exclude what the build does not need with a .dockerignore file.`;
  return new DeploymentFailure('context_too_large', message);
}
