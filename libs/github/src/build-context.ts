import type { Readable } from 'node:stream';
import { DeploymentFailure, allEnded } from '@nexos/domain';
import { assertCommitSha } from './commit-sha.js';
import { contextStream } from './context-stream.js';
import { listTree, type TreeEntry } from './context-tree.js';
import { ignoredPaths } from './docker-ignore.js';
import { GitExit, GitOutputTooLarge } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';
import { readRepositoryFile } from './repository-file.js';
import { normalizeRepositoryPath, PathOutsideRepositoryError } from './repository-path.js';

const MIB = 1024 * 1024;
const DOCKERFILE_LIMIT = 4 * MIB;
const IGNORE_LIMIT = MIB;
const RESERVED_NAME = '.nexos.Dockerfile';
/** The latest second that the tar library writes. */
const LATEST = 2 ** 31 - 1;

export interface BuildContext {
  /** A tar. It fails, and never ends cleanly, when it is not complete. */
  readonly stream: Readable;
  /** The Dockerfile's name inside the tar. */
  readonly dockerfile: string;
}

interface Request {
  readonly sha: string;
  readonly buildContext: string;
  readonly dockerfile: string;
  readonly limitBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Everything that can be wrong with a context is found before its stream is opened, as far as that is possible. */
export async function openBuildContext(mirror: MirrorFolder, request: Request): Promise<BuildContext> {
  assertCommitSha(request.sha);
  const folder = inside(request.buildContext, contextNotFound);
  const dockerfile = inside(request.dockerfile, dockerfileMissing);
  // Each is a process of git's; what is wrong is told in this order, whichever is found first.
  const [modified, entries, content, ignoreText] = await allEnded([
    commitTime(mirror, request.sha),
    listContext(mirror, request, folder),
    readDockerfile(mirror, request.sha, dockerfile),
    readIgnoreFile(mirror, request.sha, folder, dockerfile),
  ]);

  // A link's target may be ignored, or outside; its content is sent under a name of ours.
  const inContext = relativeTo(folder, dockerfile);
  const isPlainFile = entries.some((entry) => entry.path === inContext && entry.kind === 'file');
  const name = inContext !== null && isPlainFile ? inContext : unusedName(entries);

  const kept = await keptEntries(entries, ignoreText, new Set([name, '.dockerignore']));
  const size = kept.reduce((sum, entry) => sum + entry.size, isPlainFile ? 0 : content.length);
  if (size > request.limitBytes) throw contextTooLarge(request.limitBytes);
  const stream = contextStream(mirror, {
    tree: `${request.sha}:${folder}`,
    keep: new Set(kept.map((entry) => entry.path)),
    added: isPlainFile ? null : { name, content },
    modified,
    limitBytes: request.limitBytes,
    tooLarge: () => contextTooLarge(request.limitBytes),
    signal: request.signal,
  });
  return { stream, dockerfile: name };
}

async function listContext(
  mirror: MirrorFolder,
  { sha, limitBytes, signal }: Request,
  folder: string,
): Promise<TreeEntry[]> {
  const entries = await listTree(mirror, `${sha}:${folder}`, signal);
  if (entries === null) throw contextNotFound();
  if (entries === 'too large') throw contextTooLarge(limitBytes);
  return entries;
}

/** Files that are not ignored, and the folders that hold some of them. */
async function keptEntries(
  entries: readonly TreeEntry[],
  ignoreText: string,
  always: ReadonlySet<string>,
): Promise<TreeEntry[]> {
  const ignored = await ignoredPaths(
    ignoreText,
    entries.map((entry) => entry.path),
  );
  const needed = new Set<string>();
  const isKept = (entry: TreeEntry): boolean => always.has(entry.path) || !ignored.has(entry.path);
  for (const entry of entries) {
    if (entry.kind === 'folder' || !isKept(entry)) continue;
    for (let end = entry.path.lastIndexOf('/'); end > 0; end = entry.path.lastIndexOf('/', end - 1)) {
      needed.add(entry.path.slice(0, end));
    }
  }
  return entries.filter((entry) => isKept(entry) || needed.has(entry.path));
}

/** `<Dockerfile>.dockerignore` wins over the context's own, as it does in BuildKit. */
async function readIgnoreFile(
  mirror: MirrorFolder,
  sha: string,
  folder: string,
  dockerfile: string,
): Promise<string> {
  const own = folder === '' ? '.dockerignore' : `${folder}/.dockerignore`;
  const read = (path: string) => readSmallFile(mirror, sha, path, IGNORE_LIMIT);
  // One after the other: what does not count may be as large as it likes.
  const text = (await read(`${dockerfile}.dockerignore`)) ?? (await read(own)) ?? '';
  return text.toString();
}

async function readDockerfile(mirror: MirrorFolder, sha: string, path: string): Promise<Buffer> {
  const content = await readSmallFile(mirror, sha, path, DOCKERFILE_LIMIT);
  if (content === null) throw dockerfileMissing();
  return content;
}

async function readSmallFile(
  mirror: MirrorFolder,
  sha: string,
  path: string,
  limitBytes: number,
): Promise<Buffer | null> {
  try {
    return await readRepositoryFile(mirror, sha, path, limitBytes);
  } catch (error) {
    if (!(error instanceof GitOutputTooLarge)) throw error;
    const message = `The Dockerfile or its .dockerignore has more than ${limitBytes / MIB} MiB. Make it smaller.`;
    throw new DeploymentFailure('dockerfile_invalid', message, { cause: error });
  }
}

/** The commit's own time, so that the same commit always makes the same tar. */
async function commitTime(mirror: MirrorFolder, sha: string): Promise<Date> {
  try {
    const seconds = Number(await mirror.git(['show', '--no-patch', '--format=%ct', sha, '--']));
    return new Date(1000 * Math.min(Math.max(seconds, 0), LATEST));
  } catch (error) {
    if (!(error instanceof GitExit)) throw error;
    throw new DeploymentFailure('commit_not_found', 'The commit is not there any more. Deploy again.', {
      cause: error,
    });
  }
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

function unusedName(entries: readonly TreeEntry[]): string {
  const taken = new Set(entries.map((entry) => entry.path));
  let name = RESERVED_NAME;
  for (let number = 1; taken.has(name); number += 1) name = `${RESERVED_NAME}.${number}`;
  return name;
}

function contextNotFound(cause?: unknown): DeploymentFailure {
  const message =
    "The build context is not a folder of this commit. Correct it in the project's settings or in nexos.yaml.";
  return new DeploymentFailure('context_not_found', message, cause === undefined ? {} : { cause });
}

function dockerfileMissing(cause?: unknown): DeploymentFailure {
  const message =
    "This commit has no Dockerfile at the path in the project's settings or in nexos.yaml, which is relative to the repository's root. Add the file or correct the path.";
  return new DeploymentFailure('dockerfile_missing', message, cause === undefined ? {} : { cause });
}

function contextTooLarge(limitBytes: number): DeploymentFailure {
  const message = `The build context has more than ${Math.floor(limitBytes / MIB)} MiB. Leave out what the build does not need with a .dockerignore.`;
  return new DeploymentFailure('context_too_large', message);
}
