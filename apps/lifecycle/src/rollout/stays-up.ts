import { type ServiceTask } from '@nexos/engine';

/** How long a container without a port must run before it counts as up. */
export const STAYS_UP_MS = 5_000;

/** Observes whether a container keeps running. */
export class StaysUp {
  private taskId: string | null = null;
  private since = 0;

  /**
   * Returns whether the same container has run for as long as it must.
   *
   * @param tasks newest first
   * @param now milliseconds of one clock
   */
  observe([newest]: readonly ServiceTask[], now: number): boolean {
    const runningId = newest?.state === 'running' ? newest.id : null;
    if (runningId === null || runningId !== this.taskId) {
      this.taskId = runningId;
      this.since = now;
    }
    return runningId !== null && now - this.since >= STAYS_UP_MS;
  }
}
