import type { ServiceTask } from '../services/service-tasks.js';

/** Until when a job is waited for. */
export class JobDeadline {
  private readonly began = Date.now();
  private runningSince: number | undefined;

  constructor(private readonly run: { readonly timeoutMs: number; readonly startMs?: number }) {}

  /** Whoever adopts a job counts from when its container began; the clock of its node may be ahead of ours. */
  isOver(task: ServiceTask | undefined): boolean {
    const { timeoutMs, startMs } = this.run;
    const now = Date.now();
    if (startMs === undefined) return now >= this.began + timeoutMs;
    if (task?.state !== 'running') return now >= this.began + startMs;
    this.runningSince ??= Math.min(now, task.since.getTime());
    return now >= this.runningSince + timeoutMs;
  }
}
