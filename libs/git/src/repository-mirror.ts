import { mkdir, readdir } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { BuilderConfig, GithubConfig } from '@nexos/config';
import { assertCommitSha, DeploymentFailure } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { type BuildContext, openBuildContext } from './build-context.js';
import { type CommitText, readCommitText } from './commit-text.js';
import { findChangedPaths } from './changed-paths.js';
import type { TreeEntry } from './context-tree.js';
import { fileContext } from './file-context.js';
import { FetchSource, type FetchRequest } from './fetch-source.js';
import { fullDisk } from './git-failure.js';
import { GitOutputTooLarge } from './git-process.js';
import { isPointer, MAX_POINTER_BYTES } from './lfs-pointers.js';
import { MirrorFolder } from './mirror-folder.js';
import { lockFile, tryLockFile } from './mirror-lock.js';
import { RemoteBranches } from './remote-branches.js';
import { findRepositoryEntries } from './repository-entry.js';
import { readRepositoryFile } from './repository-file.js';
import type { FetchedSource } from './submodules/fetch-submodules.js';

export interface TipRequest {
  /** `owner/name` */
  readonly repository: string;
  readonly branch: string;
  readonly token?: string | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds; by default the timeout of fetches. */
  readonly timeoutMs?: number;
}

export interface ContextRequest {
  readonly projectId: string;
  readonly sha: string;
  /** The folder to send to the engine, relative to the root of the repository. */
  readonly buildContext: string;
  /** Relative to the root of the repository, wherever the build context is. */
  readonly dockerfile: string;
  /** Called with the Dockerfile that will be sent, before the stream is opened. What it throws ends the call. */
  readonly inspect?: ((dockerfile: string) => void) | undefined;
  /** Returns the path of a file to leave out, relative to the root of the repository, or null. */
  readonly leaveOut?: ((dockerfile: string) => string | null) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FileRequest {
  readonly projectId: string;
  readonly sha: string;
  readonly path: string;
  /** Name of the file in the context. */
  readonly name: string;
  readonly dockerfile: string;
  readonly signal?: AbortSignal | undefined;
}

const MIRROR_NAME = /^([a-z]+_[a-z0-9]+)\.(?:git|flock)$/;

/** The source code of every project: one bare, shallow mirror of each repository, under `mirrorDir`. */
@Injectable()
export class RepositoryMirror {
  constructor(
    private readonly github: GithubConfig,
    private readonly builder: BuilderConfig,
  ) {
    const { username, password } = new URL(github.url);
    // They would show in the arguments of every git process.
    if (username !== '' || password !== '') throw new TypeError('GITHUB_URL must not contain credentials.');
  }

  /**
   * Fetches a commit and its submodules into the project's mirror unless they are there already; one fetch at a time per
   * mirror.
   *
   * @returns the commit to read from, which has the files of the submodules too
   * @throws {DeploymentFailure} repository_unreachable, repository_access_denied, commit_not_found, disk_full,
   *   internal_error
   * @throws the signal's reason
   */
  async fetchCommit(request: FetchRequest): Promise<FetchedSource> {
    assertCommitSha(request.sha);
    const mirror = new MirrorFolder(this.builder.mirrorDir, request.projectId);
    try {
      await mkdir(this.builder.mirrorDir, { recursive: true, mode: 0o700 });
      const release = await lockFile(mirror.lockPath, request.signal);
      try {
        await mirror.removeLeftovers();
        const { fetchTimeoutSeconds } = this.builder;
        return await new FetchSource(mirror, this.github.url, request, fetchTimeoutSeconds).run();
      } catch (error) {
        // Otherwise a partial fetch would take up space until the next one.
        await mirror.removeLeftovers();
        throw error;
      } finally {
        await release();
      }
    } catch (error) {
      throw fullDisk(error) ?? error;
    }
  }

  /**
   * Returns the commit at the tip of a branch on the remote, or null when the branch does not exist.
   *
   * @throws {DeploymentFailure} repository_unreachable, repository_access_denied
   * @throws the signal's reason
   */
  async tipOf({ branch, timeoutMs, ...request }: TipRequest): Promise<string | null> {
    const remote = new RemoteBranches(this.github, timeoutMs ?? this.builder.fetchTimeoutSeconds * 1000);
    return (await remote.lookUpTips({ ...request, branches: [branch] })).get(branch) ?? null;
  }

  /**
   * Returns the entry of a fetched commit at each path, without following symbolic links; null where nothing exists.
   *
   * @throws {PathOutsideRepositoryError} when a path is absolute or leaves the repository
   */
  async entriesAt(request: {
    projectId: string;
    sha: string;
    paths: readonly string[];
  }): Promise<(TreeEntry | null)[]> {
    const mirror = new MirrorFolder(this.builder.mirrorDir, request.projectId);
    return await findRepositoryEntries(mirror, request.sha, request.paths);
  }

  /**
   * Reads a file of a fetched commit and follows symbolic links inside the repository; null when it does not exist.
   *
   * @throws {PathOutsideRepositoryError} when the path is absolute or leaves the repository
   * @throws {GitOutputTooLarge} when the file is larger than `limitBytes`
   */
  async readFile(request: {
    projectId: string;
    sha: string;
    path: string;
    limitBytes: number;
  }): Promise<Buffer | null> {
    const mirror = new MirrorFolder(this.builder.mirrorDir, request.projectId);
    return await readRepositoryFile(mirror, request.sha, request.path, request.limitBytes);
  }

  /**
   * Returns whether a file of a fetched commit is only a pointer to a file in Git LFS.
   *
   * @throws {PathOutsideRepositoryError} when the path is absolute or leaves the repository
   */
  async isLfsPointer({ projectId, sha, path }: Omit<FileRequest, 'name' | 'dockerfile'>): Promise<boolean> {
    const mirror = new MirrorFolder(this.builder.mirrorDir, projectId);
    try {
      return isPointer(await readRepositoryFile(mirror, sha, path, MAX_POINTER_BYTES));
    } catch (error) {
      if (error instanceof GitOutputTooLarge) return false;
      throw error;
    }
  }

  /**
   * Returns the paths that differ between two commits of the mirror, with both paths of a renamed file. Null when that is
   * unknown, such as when the mirror has released the older one. Keeps that one for further comparisons.
   *
   * @throws the signal's reason
   */
  async changedPaths(request: {
    projectId: string;
    from: string;
    to: string;
    signal: AbortSignal;
  }): Promise<string[] | null> {
    const mirror = new MirrorFolder(this.builder.mirrorDir, request.projectId);
    await mirror.touch(request.from);
    return await findChangedPaths(mirror, request);
  }

  /**
   * Returns the message and the author of a fetched commit; null when it is not there, or larger than a megabyte.
   *
   * @throws the signal's reason
   */
  async readCommitText(request: {
    projectId: string;
    sha: string;
    signal: AbortSignal;
  }): Promise<CommitText | null> {
    const mirror = new MirrorFolder(this.builder.mirrorDir, request.projectId);
    return await readCommitText(mirror, request.sha, request.signal);
  }

  /**
   * Opens the build context of a fetched commit as a tar stream. An incomplete stream ends with an error, never cleanly.
   *
   * @throws {DeploymentFailure} commit_not_found, context_not_found, context_too_large, dockerfile_missing, dockerfile_invalid
   */
  async archive(request: ContextRequest): Promise<BuildContext> {
    const mirror = new MirrorFolder(this.builder.mirrorDir, request.projectId);
    return await openBuildContext(mirror, { ...request, limitBytes: this.builder.contextLimit });
  }

  /**
   * Opens a build context of one file of a fetched commit and the given Dockerfile. An incomplete stream ends with an
   * error, never cleanly.
   *
   * @throws {DeploymentFailure} context_not_found, context_too_large
   */
  async archiveFile(request: FileRequest): Promise<Readable> {
    const { projectId, path, ...rest } = request;
    const [entry] = await this.entriesAt({ projectId, paths: [path], sha: request.sha });
    if (entry?.kind !== 'file') {
      throw new DeploymentFailure(
        'context_not_found',
        `This commit has no file ${path}. Add the file, or correct its path.`,
      );
    }
    const { contextLimit } = this.builder;
    if (entry.size > contextLimit) {
      const message = `${path} is larger than ${contextLimit} bytes. Make it smaller.`;
      throw new DeploymentFailure('context_too_large', message);
    }
    return fileContext(new MirrorFolder(this.builder.mirrorDir, projectId), {
      ...rest,
      path,
      size: entry.size,
    });
  }

  /** Removes the locks of dead processes from every mirror that is not in use. For use at start-up. */
  async removeStaleLocks(): Promise<void> {
    for (const projectId of await this.projectIds()) {
      await this.unlessBusy(projectId, (mirror) => mirror.removeLeftovers());
    }
  }

  /** Returns the projects with a mirror, or the remains of one, on this machine. */
  async projectIds(): Promise<string[]> {
    await mkdir(this.builder.mirrorDir, { recursive: true, mode: 0o700 });
    const ids = (await readdir(this.builder.mirrorDir)).flatMap((name) => MIRROR_NAME.exec(name)?.[1] ?? []);
    return [...new Set(ids)];
  }

  /**
   * Removes a project's mirror unless it is in use. Only for deleted projects, because a process that waits for the lock
   * recreates the mirror.
   *
   * @returns whether it was removed
   */
  async remove(projectId: string): Promise<boolean> {
    return this.unlessBusy(projectId, (mirror) => mirror.remove());
  }

  /** Runs `work` with the lock of a mirror held. Returns false, without running it, when the mirror is in use. */
  private async unlessBusy(
    projectId: string,
    work: (mirror: MirrorFolder) => Promise<void>,
  ): Promise<boolean> {
    const mirror = new MirrorFolder(this.builder.mirrorDir, projectId);
    const release = await tryLockFile(mirror.lockPath);
    if (release === null) return false;
    try {
      await work(mirror);
    } finally {
      await release();
    }
    return true;
  }
}
