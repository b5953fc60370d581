import type { DesiredState, EnvironmentStatus } from '../environments/environment-state.js';

/** Seconds that a command may take. */
export const EXECUTION_TIMEOUT_SECONDS = { least: 1, most: 3_600, usual: 60 } as const;
/** Commands of one environment that wait or run at once. */
export const MAX_EXECUTIONS = 5;
/** Of all environments of an account: half of what one worker sees to at once. */
export const MAX_EXECUTIONS_OF_ACCOUNT = 10;

export interface ExecutionFacts {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  /** A reset was asked for and has not been brought about yet. */
  readonly isResetting: boolean;
  readonly hasLiveVersion: boolean;
  /** Its executions that wait or run. */
  readonly unfinished: number;
  /** Those of all environments of its account. */
  readonly unfinishedOfAccount: number;
}

/** Why no command can be run in an environment as it stands; null when one can. */
export function executionRefusal(facts: ExecutionFacts): string | null {
  if (facts.status === 'destroyed') return 'The environment was destroyed.';
  if (facts.status === 'destroying') return 'The environment is being destroyed.';
  if (facts.status === 'paused' || facts.desiredState !== 'running') {
    return 'The environment is paused. Resume it first.';
  }
  if (facts.status !== 'running' || !facts.hasLiveVersion) {
    return 'No version of the environment has come up yet.';
  }
  if (facts.isResetting) return "The environment's database is being reset. Try again in a moment.";
  if (facts.unfinished >= MAX_EXECUTIONS) {
    return `${MAX_EXECUTIONS} commands run in the environment already. Wait for one to end, or cancel one.`;
  }
  if (facts.unfinishedOfAccount >= MAX_EXECUTIONS_OF_ACCOUNT) {
    return `${MAX_EXECUTIONS_OF_ACCOUNT} commands run in your environments already. Wait for one to end, or cancel one.`;
  }
  return null;
}
