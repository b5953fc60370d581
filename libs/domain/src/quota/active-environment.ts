import type { DesiredState, EnvironmentStatus } from '../environments/environment-state.js';

/**
 * Statuses in which containers may run whatever is desired: neither a pause nor a destruction has released anything before the
 * last one has stopped, which can take minutes.
 */
const MAY_RUN: readonly EnvironmentStatus[] = ['running', 'pausing', 'resuming', 'destroying'];

/** Returns whether an environment reserves CPU and memory. One that should run does, whether it runs already or not. */
export function isActive({
  status,
  desiredState,
}: {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
}): boolean {
  if (status === 'destroyed') return false;
  return desiredState === 'running' || MAY_RUN.includes(status);
}
