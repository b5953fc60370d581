import type { DeploymentStatus } from '../deployments/deployment-state.js';

export const ENVIRONMENT_STATUSES = [
  'pending',
  'running',
  'paused',
  'failed',
  'destroying',
  'destroyed',
] as const;
export type EnvironmentStatus = (typeof ENVIRONMENT_STATUSES)[number];

export const DESIRED_STATES = ['running', 'paused', 'destroyed'] as const;
export type DesiredState = (typeof DESIRED_STATES)[number];

/** The allowed transitions between settled statuses. */
const NEXT: Record<EnvironmentStatus, readonly EnvironmentStatus[]> = {
  pending: ['running', 'paused', 'failed', 'destroying'],
  running: ['paused', 'destroying'],
  paused: ['running', 'destroying'],
  failed: ['running', 'destroying'],
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
  'pausing',
  'resuming',
  'resetting',
  'sleeping',
] as const;
export type VisibleEnvironmentStatus = (typeof VISIBLE_ENVIRONMENT_STATUSES)[number];

/** The desired state of an environment, which may not be reached yet. */
export interface EnvironmentIntent {
  readonly desiredState: DesiredState;
  readonly isResetting: boolean;
  /** When paused: because nobody used it, until somebody does. */
  readonly isAsleep: boolean;
}

/**
 * Returns the status that the API shows.
 *
 * @param unfinished the statuses of the environment's unfinished deployments
 */
export function visibleEnvironmentStatus(
  status: EnvironmentStatus,
  { desiredState, isResetting, isAsleep }: EnvironmentIntent,
  unfinished: readonly DeploymentStatus[],
): VisibleEnvironmentStatus {
  if (status === 'destroying' || status === 'destroyed') return status;
  if (status === 'running' && desiredState === 'paused') return 'pausing';
  if (status === 'paused' && desiredState === 'running') return 'resuming';
  // A reset of a paused environment waits until it is resumed.
  if (isResetting && status !== 'paused') return 'resetting';
  if (unfinished.includes('deploying') && status !== 'paused') return 'deploying';
  if (unfinished.includes('building')) return 'building';
  return status === 'paused' && isAsleep ? 'sleeping' : status;
}
