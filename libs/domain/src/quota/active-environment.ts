import type { DesiredState, EnvironmentStatus } from '../environments/environment-state.js';

/** Statuses in which containers may run whatever is desired: a pause has released nothing before the last one has stopped. */
const MAY_RUN: readonly EnvironmentStatus[] = ['running', 'pausing', 'resuming'];

/**
 * Returns whether an environment reserves CPU and memory. One that should run does, whether it runs already or not. One that
 * is being destroyed does not: nothing of it starts again, and its branch may already have another environment.
 */
export function isActive({
  status,
  desiredState,
}: {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
}): boolean {
  if (status === 'destroying' || status === 'destroyed') return false;
  return desiredState === 'running' || MAY_RUN.includes(status);
}
