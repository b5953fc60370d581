/** The statuses of a command that runs in an environment. */
export const EXECUTION_STATUSES = [
  'queued',
  'running',
  'exited',
  'failed',
  'timed_out',
  'cancelled',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** The allowed transitions. A command runs at most once, so it never returns to `queued`. */
const NEXT: Record<ExecutionStatus, readonly ExecutionStatus[]> = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['exited', 'failed', 'timed_out', 'cancelled'],
  exited: [],
  failed: [],
  timed_out: [],
  cancelled: [],
};

/** Returns the statuses from which an execution may move to `to`: the `ANY(…)` of its compare-and-set. */
export function executionStatusesBefore(to: ExecutionStatus): ExecutionStatus[] {
  return EXECUTION_STATUSES.filter((from) => NEXT[from].includes(to));
}

/** Returns whether the execution is queued or running. */
export function isExecutionUnfinished(status: ExecutionStatus): boolean {
  return status === 'queued' || status === 'running';
}
