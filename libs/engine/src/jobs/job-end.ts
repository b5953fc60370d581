import { mentionsDiskFull } from '@nexos/domain';
import { type ServiceTask, isOver } from '../services/service-tasks.js';

/** The outcome of a job. */
export type JobEnd =
  | { readonly kind: 'exited'; readonly code: number }
  /** Its container never started. */
  | { readonly kind: 'not-started'; readonly reason: string }
  | { readonly kind: 'timed-out'; readonly lastState: string };

/**
 * Returns a job's outcome by its newest task; a task that has not ended counts as timed out. A container that the
 * engine created but could not start has an exit code too, and a reason that only the engine gives.
 */
export function jobEnd(task: ServiceTask | undefined): JobEnd {
  if (task === undefined || !isOver(task.state)) {
    return { kind: 'timed-out', lastState: task?.state ?? 'new' };
  }
  const { exitCode, error, state } = task;
  if (exitCode !== undefined && !mentionsDiskFull(error ?? '')) return { kind: 'exited', code: exitCode };
  return { kind: 'not-started', reason: error ?? state };
}
