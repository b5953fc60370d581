import type { DeploymentStatus } from './deployment-state.js';
import { refuseIfDestroyed, type ActionVerdict } from '../environments/environment-action.js';
import type { EnvironmentStatus } from '../environments/environment-state.js';

/** A version, identified by its image: a rollback redeploys an image that was built for an earlier deployment. */
interface Version {
  readonly imageId: string | null;
}

/** The deployment to roll back to. */
export interface RollbackTarget extends Version {
  readonly status: DeploymentStatus;
  /** The image was removed from every node. */
  readonly isImageGone: boolean;
}

export interface RollbackFacts {
  readonly status: EnvironmentStatus;
  readonly live: Version | null;
  /** The newest deployment if it is a rollback in progress. */
  readonly inProgress: Version | null;
  /** The requested deployment, by default the previously live one; null when none exists. */
  readonly target: RollbackTarget | null;
}

const refuse = (reason: string): ActionVerdict => ({ kind: 'refuse', reason });

/** Decides whether an environment can roll back in its current state. */
export function checkRollback({ status, live, inProgress, target }: RollbackFacts): ActionVerdict {
  const leaving = refuseIfDestroyed(status);
  if (leaving !== null) return leaving;
  if (live === null) {
    return refuse(
      'No version of the environment has gone live yet, so there is nothing to roll back to. Check its latest deployment.',
    );
  }
  if (target === null) {
    return refuse('No other version was live before this one. Push the commit that you want.');
  }
  if (target.status === 'live' || (target.status === 'replaced' && isSame(target, live))) {
    return refuse('That version is already live. To stop a deployment in progress, cancel it.');
  }
  if (target.status !== 'replaced') {
    return refuse('That deployment was never live. Choose one whose status is replaced.');
  }
  if (inProgress !== null && isSame(target, inProgress)) return { kind: 'same' };
  if (target.isImageGone || target.imageId === null) {
    return refuse(
      'The image of that version was removed: only the images of the live version and the one before it are kept. Deploy its commit again to rebuild it.',
    );
  }
  return { kind: 'do' };
}

function isSame(one: Version, other: Version): boolean {
  return one.imageId !== null && one.imageId === other.imageId;
}
