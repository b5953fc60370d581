import type { DeploymentStatus } from './deployment-state.js';
import { judgeLeaving, type ActionVerdict } from '../environments/environment-action.js';
import type { EnvironmentStatus } from '../environments/environment-state.js';

/** A version, by its image: a rollback is another deployment of an image that was built for an earlier one. */
interface Version {
  readonly imageId: string | null;
}

/** The deployment that an environment is to go back to. */
export interface RollbackTarget extends Version {
  readonly status: DeploymentStatus;
  /** No machine has the image any more. */
  readonly isImageGone: boolean;
}

export interface RollbackFacts {
  readonly status: EnvironmentStatus;
  readonly live: Version | null;
  /** The newest deployment, where it is a rollback that is being rolled out. */
  readonly underWay: Version | null;
  /** The deployment that was named, or else the one that was live last; null where there is none. */
  readonly target: RollbackTarget | null;
}

const refuse = (because: string): ActionVerdict => ({ kind: 'refuse', because });

/** Decides what going back to an earlier version comes to in the state that an environment is in. */
export function judgeRollback({ status, live, underWay, target }: RollbackFacts): ActionVerdict {
  const leaving = judgeLeaving(status);
  if (leaving !== null) return leaving;
  if (live === null)
    return refuse('No version of the environment has come up yet, so there is none to go back to.');
  if (target === null) {
    return refuse('No other version was live before this one. Push the one that you want.');
  }
  if (target.status === 'live' || (target.status === 'replaced' && isSame(target, live))) {
    return refuse('That version is live already. To stop what is on its way, cancel its deployment.');
  }
  if (target.status !== 'replaced') {
    return refuse('That deployment was never live. Name one that was: its status is replaced.');
  }
  if (underWay !== null && isSame(target, underWay)) return { kind: 'same' };
  if (target.isImageGone || target.imageId === null) {
    return refuse(
      'The image of that version was removed: the live one and the one before it are kept. Deploy its commit again to build it anew.',
    );
  }
  return { kind: 'do' };
}

function isSame(one: Version, other: Version): boolean {
  return one.imageId !== null && one.imageId === other.imageId;
}
