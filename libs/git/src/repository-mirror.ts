import { mkdir, readdir } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { BuilderConfig, GithubConfig } from '@nexos/config';
import { assertCommitSha, DeploymentFailure } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { type BuildContext, openBuildContext } from './build-context.js';
import type { TreeEntry } from './context-tree.js';
import { fileContext } from './file-context.js';
import { FetchCommit, type FetchRequest } from './fetch-commit.js';
import { fullDisk } from './git-failure.js';
import { MirrorFolder } from './mirror-folder.js';
import { lockFile, tryLockFile } from './mirror-lock.js';
import { RemoteBranches, repositoryUrl } from './remote-branches.js';
import { findRepositoryEntries } from './repository-entry.js';
import { readRepositoryFile } from './repository-file.js';

export interface TipRequest {
  /** `owner/name` */
  readonly repository: string;
  readonly branch: string;
  readonly token?: string | undefined;
  readonly signal: AbortSignal;
}

export interface ContextRequest {
  readonly projectId: string;
  readonly sha: string;
  /** The folder that is sent to the engine, relative to the repository's root. */
  readonly buildContext: string;
  /** Relative to the repository's root, wherever the build context is. */
  readonly dockerfile: string;
  readonly signal?: AbortSignal | undefined;
}

export interface FileRequest {
  readonly projectId: string;
  readonly sha: string;
  readonly path: string;
  /** What the file is called in the context. */
  readonly name: string;
  readonly dockerfile: string;
  readonly signal?: AbortSignal | undefined;
}

const MIRROR_NAME = /^([a-z]+_[a-z0-9]+)\.(?:git|flock)$/;

/** The source of every project: one bare, shallow mirror of its repository each, under `mirrorDir`. */
@Injectable()
export class RepositoryMirror {
  constructor(
    private readonly github: GithubConfig,
    private readonly builder: BuilderConfig,
  ) {
    const { username, password } = new URL(github.url);
    // It would be read in the arguments of every git process.
    if (username !== '' || password !== '') throw new TypeError('GITHUB_URL must hold no credentials.');
  }

  /**
   * Brings a commit into the project's mirror; one fetch at a time per mirror, and none when it is there already.
   *
   * @throws {DeploymentFailure} repository_unreachable, repository_access_denied, commit_not_found, disk_full,
   *   internal_error
   * @throws the signal's reason
   */
  async fetchCommit(request: FetchRequest): Promise<void> {
    assertCommitSha(request.sha);
    const url = repositoryUrl(this.github.url, request.repository);
    const mirror = new MirrorFolder(this.builder.mirrorDir, request.projectId);
    try {
      await mkdir(this.builder.mirrorDir, { recursive: true, mode: 0o700 });
      const release = await lockFile(mirror.lockPath, request.signal);
      try {
        await mirror.removeLeftovers();
        await new FetchCommit(mirror, url, request, this.builder.fetchTimeoutSeconds).run();
      } catch (error) {
        // What was fetched in part takes room until the next fetch otherwise.
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
   * The commit at the tip of a branch of the remote, or null when there is no such branch.
   *
   * @throws {DeploymentFailure} repository_unreachable, repository_access_denied
   * @throws the signal's reason
   */
  async tipOf({ branch, ...request }: TipRequest): Promise<string | null> {
    const remote = new RemoteBranches(this.github, this.builder.fetchTimeoutSeconds * 1000);
    return (await remote.tipsOf({ ...request, branches: [branch] })).get(branch) ?? null;
  }

  /**
   * What a commit that was fetched has at each of these paths, with no symbolic link followed; null where there is
   * nothing.
   *
   * @throws {PathOutsideRepositoryError} when a path is absolute or climbs out
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
   * A file of a commit that was fetched, with symbolic links inside the repository followed; null when there is none.
   *
   * @throws {PathOutsideRepositoryError} when the path is absolute or climbs out
   * @throws {GitOutputTooLarge} when the file has more than `limitBytes`
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
   * The build context of a commit that was fetched, as a tar stream. The stream fails, and never ends cleanly,
   * when not all of the context was sent.
   *
   * @throws {DeploymentFailure} commit_not_found, context_not_found, context_too_large, dockerfile_missing, dockerfile_invalid
   */
  async archive(request: ContextRequest): Promise<BuildContext> {
    const mirror = new MirrorFolder(this.builder.mirrorDir, request.projectId);
    return await openBuildContext(mirror, { ...request, limitBytes: this.builder.contextLimit });
  }

  /**
   * One file of a commit that was fetched, with a Dockerfile that is given, as a build context. The stream fails, and
   * never ends cleanly, when not all of the file was sent.
   *
   * @throws {DeploymentFailure} context_not_found, context_too_large
   */
  async archiveFile(request: FileRequest): Promise<Readable> {
    const { projectId, path, ...rest } = request;
    const [entry] = await this.entriesAt({ projectId, paths: [path], sha: request.sha });
    if (entry?.kind !== 'file') {
      throw new DeploymentFailure('context_not_found', `There is no file ${path} in the commit.`);
    }
    const { contextLimit } = this.builder;
    if (entry.size > contextLimit) {
      const message = `${path} has more than ${contextLimit} bytes. Make it smaller.`;
      throw new DeploymentFailure('context_too_large', message);
    }
    return fileContext(new MirrorFolder(this.builder.mirrorDir, projectId), {
      ...rest,
      path,
      size: entry.size,
    });
  }

  /** Removes the locks of processes that are gone, from every mirror that nobody is working on. For use at boot. */
  async cleanUpLocks(): Promise<void> {
    for (const projectId of await this.projectIds()) {
      await this.unlessBusy(projectId, (mirror) => mirror.removeLeftovers());
    }
  }

  /** The projects that have a mirror on this machine, or what is left of one. */
  async projectIds(): Promise<string[]> {
    await mkdir(this.builder.mirrorDir, { recursive: true, mode: 0o700 });
    const ids = (await readdir(this.builder.mirrorDir)).flatMap((name) => MIRROR_NAME.exec(name)?.[1] ?? []);
    return [...new Set(ids)];
  }

  /**
   * Removes a project's mirror, unless somebody is working on it. For projects that are gone: whoever waits for the
   * mirror meanwhile makes it anew.
   *
   * @returns whether it is gone
   */
  async remove(projectId: string): Promise<boolean> {
    return this.unlessBusy(projectId, (mirror) => mirror.remove());
  }

  /** Works on a mirror with its lock in hand; whether it was to be had. */
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
