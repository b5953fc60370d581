import { DeploymentFailure, type FailureCode } from '../deployments/deployment-failure.js';

/** Causes outside the version and its hooks, which may end by themselves. */
const RETRIED_CODES: readonly FailureCode[] = [
  'no_capacity',
  'service_not_ready',
  'disk_full',
  'engine_unavailable',
];
const FIRST_RETRY_SECONDS = 10;
const MAX_RETRY_SECONDS = 300;

/**
 * Returns after how many seconds Nexos tries again by itself: 10, 20, 40 … up to 300; null when trying again would not
 * help until somebody changes something.
 *
 * @param attempt how many attempts in a row have failed with this code, from 1
 */
export function retryDelaySeconds(code: FailureCode, attempt: number): number | null {
  if (!RETRIED_CODES.includes(code)) return null;
  return Math.min(MAX_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** Math.min(attempt - 1, 10));
}

/** Returns the failure of an environment's live version, which was not deployed just now, with what to do about it. */
export function failureToStart({ code, message }: DeploymentFailure): DeploymentFailure {
  const advice =
    retryDelaySeconds(code, 1) === null
      ? 'Nothing runs now: push a fix, roll back, or resume the environment to try again.'
      : 'Nexos keeps trying.';
  return new DeploymentFailure(code, `${message} ${advice}`);
}

/** Returns the failure of the hooks for an environment's new or restored database, with what to do about it. */
export function failureOfHooks({ code, message }: DeploymentFailure): DeploymentFailure {
  const advice =
    retryDelaySeconds(code, 1) === null
      ? 'The live version runs with the new database, and its hooks are still due: resume the environment to run them again, deploy, or reset it.'
      : 'Nexos keeps trying.';
  return new DeploymentFailure(code, `${message} ${advice}`);
}
