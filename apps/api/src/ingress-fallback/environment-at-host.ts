import { isResuming } from '@nexos/domain';
import { type EnvironmentAtHost, type RoutesRepository } from '@nexos/state';

/** Finds the environment at the `Host` of a request, which may have a port, a trailing dot and any letter case. */
export function findAtHost(routes: RoutesRepository, host: string): Promise<EnvironmentAtHost | null> {
  return routes.environmentAt(hostnameOf(host));
}

function hostnameOf(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/\.{1,2}$/, '')
    .toLowerCase();
}

/** Returns whether the next request should wake the environment. */
export function isSleeping({ desiredState, asleep }: EnvironmentAtHost): boolean {
  return desiredState === 'paused' && asleep;
}

/** Returns whether the environment is resuming, because of a request or a user, and nothing has gone wrong so far. */
export function isWaking(environment: EnvironmentAtHost): boolean {
  return isResuming(environment.status, environment) && !environment.isRetried;
}

/** Returns whether the environment got its route only a moment ago. A longer time could cause redirect loops. */
export function isJustAwake({ status, desiredState, isJustResumed }: EnvironmentAtHost): boolean {
  return status === 'running' && desiredState === 'running' && isJustResumed;
}
