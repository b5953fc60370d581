import { APP_CONTAINER } from '../containers/container-name.js';
import type { DesiredState, EnvironmentStatus } from '../environments/environment-state.js';

/** Limits and default of the timeout of a command, in seconds. */
export const EXECUTION_TIMEOUT_SECONDS = { min: 1, max: 3_600, fallback: 60 } as const;
/** Maximum unfinished commands in one environment. */
export const MAX_EXECUTIONS = 5;
/** Maximum unfinished commands of an account: half of what one worker handles at a time. */
export const MAX_EXECUTIONS_OF_ACCOUNT = 10;

export interface ExecutionFacts {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  /** A reset was requested and has not finished. */
  readonly isResetting: boolean;
  readonly hasLiveVersion: boolean;
  /** No version has gone live, but the image of one that failed exists. */
  readonly hasFailedImage: boolean;
  /** The container whose image and variables the command gets. */
  readonly container: string;
  /** The containers of the version, beside the app. */
  readonly containers: readonly string[];
  /** Unfinished commands in the environment. */
  readonly unfinished: number;
  /** Unfinished commands in all environments of the account. */
  readonly unfinishedOfAccount: number;
}

/** Returns why an environment cannot run another command now; null when it can. */
export function executionRefusal(facts: ExecutionFacts): string | null {
  if (facts.status === 'destroyed') return 'The environment was destroyed.';
  if (facts.status === 'destroying') return 'The environment is being destroyed.';
  if (['pausing', 'paused', 'resuming'].includes(facts.status) || facts.desiredState !== 'running') {
    return 'The environment is paused or asleep. Resume it first.';
  }
  if (facts.status === 'failed' && facts.hasLiveVersion) {
    return 'The environment is not running: its version did not start. See its last_error, then resume it.';
  }
  const hasVersion = facts.status === 'failed' ? facts.hasFailedImage : facts.hasLiveVersion;
  if (!['running', 'failed'].includes(facts.status) || !hasVersion) {
    return 'No version of the environment has gone live yet. Check its latest deployment.';
  }
  if (facts.isResetting) return "The environment's database is being reset. Try again in a moment.";
  const containers = [APP_CONTAINER, ...facts.containers];
  if (!containers.includes(facts.container)) {
    return `The environment has no container ${facts.container}. It has ${containers.join(', ')}.`;
  }
  if (facts.unfinished >= MAX_EXECUTIONS) {
    return `The environment already has ${MAX_EXECUTIONS} unfinished commands. Wait for one to end, or cancel one.`;
  }
  if (facts.unfinishedOfAccount >= MAX_EXECUTIONS_OF_ACCOUNT) {
    return `Your environments already have ${MAX_EXECUTIONS_OF_ACCOUNT} unfinished commands. Wait for one to end, or cancel one.`;
  }
  return null;
}
