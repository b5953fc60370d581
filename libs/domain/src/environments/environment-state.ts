import type { DeploymentStatus } from '../deployments/deployment-state.js';

export const ENVIRONMENT_STATUSES = [
  'pending',
  'running',
  'pausing',
  'paused',
  'resuming',
  'failed',
  'destroying',
  'destroyed',
] as const;
export type EnvironmentStatus = (typeof ENVIRONMENT_STATUSES)[number];

export const DESIRED_STATES = ['running', 'paused', 'destroyed'] as const;
export type DesiredState = (typeof DESIRED_STATES)[number];

/**
 * The allowed transitions between stored statuses. `pausing`: without a route, and its containers are stopping; it is
 * `paused` once the last one has stopped. `resuming`: without a route, and a container is being started. `failed`: without a route and a container, because its first deployment
 * failed or the live version could not be started again.
 */
const NEXT: Record<EnvironmentStatus, readonly EnvironmentStatus[]> = {
  pending: ['running', 'failed', 'destroying'],
  running: ['pausing', 'failed', 'destroying'],
  pausing: ['paused', 'resuming', 'destroying'],
  paused: ['resuming', 'destroying'],
  resuming: ['running', 'pausing', 'failed', 'destroying'],
  failed: ['running', 'pausing', 'paused', 'destroying'],
  destroying: ['destroyed'],
  destroyed: [],
};

/** Returns the statuses from which an environment may move to `to`. */
export function environmentStatusesBefore(to: EnvironmentStatus): EnvironmentStatus[] {
  return ENVIRONMENT_STATUSES.filter((from) => NEXT[from].includes(to));
}

/** The statuses that the API shows: the settled one, or the change in progress. */
export const VISIBLE_ENVIRONMENT_STATUSES = [
  ...ENVIRONMENT_STATUSES,
  'building',
  'deploying',
  'resetting',
  'sleeping',
] as const;
export type VisibleEnvironmentStatus = (typeof VISIBLE_ENVIRONMENT_STATUSES)[number];

/** The desired state of an environment, which may not be reached yet. */
export interface EnvironmentIntent {
  readonly desiredState: DesiredState;
  /** A new database was requested and is not in place, or its hooks have not run. */
  readonly isResetting: boolean;
  /** When paused: because nobody used it, until somebody does. */
  readonly isAsleep: boolean;
  readonly hasLiveVersion: boolean;
  /** The desired state could not be reached, and nothing was requested since. */
  readonly hasFailed: boolean;
}

/** Returns whether the live version is being started again, or waits to be. */
export function isResuming(
  status: EnvironmentStatus,
  { desiredState, hasLiveVersion, hasFailed }: Omit<EnvironmentIntent, 'isResetting' | 'isAsleep'>,
): boolean {
  if (desiredState !== 'running') return false;
  if (status === 'failed') return hasLiveVersion && !hasFailed;
  return status === 'pausing' || status === 'paused' || status === 'resuming';
}

/**
 * Returns the status that the API shows.
 *
 * @param unfinished the statuses of the environment's unfinished deployments
 */
export function visibleEnvironmentStatus(
  status: EnvironmentStatus,
  intent: EnvironmentIntent,
  unfinished: readonly DeploymentStatus[],
): VisibleEnvironmentStatus {
  if (status === 'destroying' || status === 'destroyed') return status;
  const { desiredState, isResetting, isAsleep, hasFailed } = intent;
  if (status === 'pausing' || status === 'paused' || status === 'resuming') {
    if (isResuming(status, intent)) return 'resuming';
    if (status !== 'paused') return 'pausing';
    if (unfinished.includes('building')) return 'building';
    return isAsleep ? 'sleeping' : 'paused';
  }
  if (desiredState === 'paused') return 'pausing';
  if (isResetting && !hasFailed) return 'resetting';
  if (unfinished.includes('deploying')) return 'deploying';
  if (unfinished.includes('building')) return 'building';
  if (isResuming(status, intent)) return 'resuming';
  // The live version runs, but the hooks of its new database failed.
  return hasFailed ? 'failed' : status;
}
