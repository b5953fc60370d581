import type { ServiceTask } from '../services/service-tasks.js';

/** The deadline of a job. */
export class JobDeadline {
  private readonly began = Date.now();
  private runningSince: number | undefined;

  constructor(private readonly run: { readonly timeoutMs: number; readonly startMs?: number }) {}

  /** Counts an adopted job's time from its container's start; the node's clock may be ahead of ours. */
  isOver(task: ServiceTask | undefined): boolean {
    const { timeoutMs, startMs } = this.run;
    const now = Date.now();
    if (startMs === undefined) return now >= this.began + timeoutMs;
    if (task?.state !== 'running') return now >= this.began + startMs;
    this.runningSince ??= Math.min(now, task.since.getTime());
    return now >= this.runningSince + timeoutMs;
  }
}
