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

/** Which settled status may follow which. */
const NEXT: Record<EnvironmentStatus, readonly EnvironmentStatus[]> = {
  pending: ['running', 'paused', 'failed', 'destroying'],
  running: ['paused', 'destroying'],
  paused: ['running', 'destroying'],
  failed: ['running', 'destroying'],
  destroying: ['destroyed'],
  destroyed: [],
};

/** The statuses that an environment may be in for a move to `to`. */
export function environmentStatusesBefore(to: EnvironmentStatus): EnvironmentStatus[] {
  return ENVIRONMENT_STATUSES.filter((from) => NEXT[from].includes(to));
}

/** What a reader sees: the settled status, or what is being done while the environment converges. */
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

/** What is wanted of an environment and has not been brought about yet. */
export interface EnvironmentIntent {
  readonly desiredState: DesiredState;
  readonly isResetting: boolean;
  /** Where it is to be paused: because nobody used it, until somebody does. */
  readonly isAsleep: boolean;
}

/**
 * The status that readers see.
 *
 * @param unfinished the statuses of the environment's deployments that still have work ahead of them
 */
export function visibleEnvironmentStatus(
  status: EnvironmentStatus,
  { desiredState, isResetting, isAsleep }: EnvironmentIntent,
  unfinished: readonly DeploymentStatus[],
): VisibleEnvironmentStatus {
  if (status === 'destroying' || status === 'destroyed') return status;
  if (status === 'running' && desiredState === 'paused') return 'pausing';
  if (status === 'paused' && desiredState === 'running') return 'resuming';
  // While it is paused nothing is reset: that waits until it is resumed.
  if (isResetting && status !== 'paused') return 'resetting';
  if (unfinished.includes('deploying') && status !== 'paused') return 'deploying';
  if (unfinished.includes('building')) return 'building';
  return status === 'paused' && isAsleep ? 'sleeping' : status;
}
