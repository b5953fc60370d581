import { type EnvironmentAtHost, type RoutesRepository } from '@nexos/state';

/** Finds the environment at the host of a request: as the client wrote it, with a port, in any case, with a dot at its end. */
export function findAtHost(routes: RoutesRepository, host: string): Promise<EnvironmentAtHost | null> {
  return routes.environmentAt(hostnameOf(host));
}

function hostnameOf(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/\.{1,2}$/, '')
    .toLowerCase();
}

/** Whether the next request is to wake it. */
export function isSleeping({ desiredState, asleep }: EnvironmentAtHost): boolean {
  return desiredState === 'paused' && asleep;
}

/** Returns whether the environment is resuming, by a request or by a user. */
export function isWaking({ status, desiredState }: EnvironmentAtHost): boolean {
  return status === 'paused' && desiredState === 'running';
}

/** Whether the ingress has a route to it by now, though it had none a moment ago. A longer time would let it go in circles. */
export function isJustAwake({ status, desiredState, isJustResumed }: EnvironmentAtHost): boolean {
  return status === 'running' && desiredState === 'running' && isJustResumed;
}
