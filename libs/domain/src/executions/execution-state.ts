/** What can become of a command that somebody has run in an environment. */
export const EXECUTION_STATUSES = [
  'queued',
  'running',
  'exited',
  'failed',
  'timed_out',
  'cancelled',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** Which status may follow which. A command that has begun to run never waits again: it is run once. */
const NEXT: Record<ExecutionStatus, readonly ExecutionStatus[]> = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['exited', 'failed', 'timed_out', 'cancelled'],
  exited: [],
  failed: [],
  timed_out: [],
  cancelled: [],
};

/** The statuses that an execution may be in for a move to `to`: the `ANY(…)` of its compare-and-set. */
export function executionStatusesBefore(to: ExecutionStatus): ExecutionStatus[] {
  return EXECUTION_STATUSES.filter((from) => NEXT[from].includes(to));
}

/** Whether the execution still has something ahead of it. */
export function isExecutionUnfinished(status: ExecutionStatus): boolean {
  return status === 'queued' || status === 'running';
}
