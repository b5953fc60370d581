import { checkAction, type ActionVerdict } from './environment-action.js';
import type { DesiredState, EnvironmentStatus } from './environment-state.js';

export interface RestoreFacts {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  readonly isAsleep: boolean;
  readonly hasLiveVersion: boolean;
  /** Another database was requested and does not exist yet. */
  readonly isResetting: boolean;
  /** The generation that is being restored, if any. */
  readonly restoringGeneration: number | null;
  /** The requested generation; null: it has no backup. */
  readonly requestedGeneration: number | null;
}

const refuse = (reason: string): ActionVerdict => ({ kind: 'refuse', reason });

/** Decides whether an environment can restore a database backup in its current state. */
export function checkRestore({
  status,
  desiredState,
  isAsleep,
  hasLiveVersion,
  isResetting,
  restoringGeneration,
  requestedGeneration,
}: RestoreFacts): ActionVerdict {
  const verdict = checkAction('reset', {
    status,
    desiredState,
    isAsleep,
    isResetting: false,
    isRestoring: false,
    hasDatabase: true,
    hasLiveVersion,
    hasFailed: false,
  });
  if (verdict.kind === 'refuse') return verdict;
  if (requestedGeneration === null) {
    return refuse(
      'That backup does not exist or has expired; backups are kept for seven days. Choose one that GET /api/environments/:id/database-backups lists.',
    );
  }
  if (!isResetting) return verdict;
  return restoringGeneration === requestedGeneration
    ? { kind: 'same' }
    : refuse('The database is already being reset or restored. Wait until the environment is running again.');
}
