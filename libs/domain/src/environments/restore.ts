import { judgeAction, type ActionVerdict } from './environment-action.js';
import type { DesiredState, EnvironmentStatus } from './environment-state.js';

export interface RestoreFacts {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  readonly isAsleep: boolean;
  /** Another database was asked for and is not there yet. */
  readonly isResetting: boolean;
  /** The generation that is being brought back just now, where one is. */
  readonly restoring: number | null;
  /** The generation that is to be brought back; null: there is none. */
  readonly wanted: number | null;
}

const refuse = (because: string): ActionVerdict => ({ kind: 'refuse', because });

/** Decides what bringing back a database that was put aside comes to in the state that an environment is in. */
export function judgeRestore({
  status,
  desiredState,
  isAsleep,
  isResetting,
  restoring,
  wanted,
}: RestoreFacts): ActionVerdict {
  const verdict = judgeAction('reset', {
    status,
    desiredState,
    isAsleep,
    isResetting: false,
    isRestoring: false,
    hasDatabase: true,
  });
  if (verdict.kind === 'refuse') return verdict;
  if (wanted === null) {
    return refuse('There is no such database. Those that a reset puts aside are kept for seven days.');
  }
  if (!isResetting) return verdict;
  return restoring === wanted
    ? { kind: 'same' }
    : refuse('Another database is just taking its place. Wait until the environment is running again.');
}
