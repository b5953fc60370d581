import { setImmediate } from 'node:timers/promises';
import { isWatched } from '@nexos/domain';
import { RepositoryMirror } from '@nexos/git';
import { type DeploymentSettings } from '@nexos/settings';
import { DeploymentsRepository, type LiveCommit } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { BuildTask } from './build-task.js';

/** Milliseconds of matching before other work gets a turn. */
const SLICE_MS = 20;
/** Milliseconds after which hostile globs count as matching. */
const TOTAL_MS = 2_000;

/** Nothing that the deployment watches has changed since the live commit, so it is not built. */
export class UnchangedError extends Error {
  constructor(readonly live: LiveCommit) {
    super(`nothing that watch_paths names has changed since the live commit ${live.sha.slice(0, 12)}`);
    this.name = 'UnchangedError';
  }
}

/** Decides whether a push needs a build, by the paths that its commit and the live one differ in. When in doubt it does. */
@Injectable()
export class WatchedChanges {
  constructor(
    private readonly mirror: RepositoryMirror,
    private readonly deployments: DeploymentsRepository,
  ) {}

  /**
   * @param sha the fetched commit
   * @throws {UnchangedError}
   */
  async assertAny(
    { deployment, log, signal }: Pick<BuildTask, 'deployment' | 'log' | 'signal'>,
    { watch_paths: globs, config_path: config }: DeploymentSettings,
    sha: string,
  ): Promise<void> {
    if (globs.length === 0) return;
    const live = await this.deployments.liveCommitBefore(deployment.id);
    if (live === null) return;
    const { projectId } = deployment;
    const paths = await this.mirror.changedPaths({ projectId, from: live.sha, to: sha, signal });
    if (paths === null) {
      log.note(
        `watch_paths is not applied: what changed since ${live.sha.slice(0, 12)} is not known exactly`,
      );
      return;
    }
    const file = normalized(config);
    const counts = (path: string) => path === file || isWatched(globs, path);
    if (!(await isAny(paths, counts, signal))) throw new UnchangedError(live);
  }
}

/** Lets other work proceed in between. Takes what cannot be decided in time as true. */
async function isAny(
  paths: readonly string[],
  counts: (path: string) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const endsAt = performance.now() + TOTAL_MS;
  let pauseAt = performance.now() + SLICE_MS;
  for (const path of paths) {
    if (counts(path)) return true;
    if (performance.now() < pauseAt) continue;
    await setImmediate();
    signal.throwIfAborted();
    if (performance.now() > endsAt) return true;
    pauseAt = performance.now() + SLICE_MS;
  }
  return false;
}

/** Returns a path as git writes it. */
function normalized(path: string): string {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/');
}
