import { type JobName, type JobPayload, type QueueName } from '@nexos/contracts';
import { DiscoveryService } from '@nestjs/core';

/** Works on one kind of job. Must be safe to run twice, late, and beside itself. */
export interface JobHandler<Q extends QueueName, N extends JobName<Q>> {
  /**
   * @param signal aborted when the process is asked to stop
   * @param crashes how many workers died, or froze, while they worked on this job
   */
  handle(payload: JobPayload<Q, N>, signal: AbortSignal, crashes: number): Promise<void>;
}

export interface HandledJob {
  readonly queue: QueueName;
  readonly name: string;
}

export const HandlesJobMetadata = DiscoveryService.createDecorator<HandledJob>();

/** Declares the job that a class works on. Each job of a consumed queue has exactly one such class. */
export function HandlesJob<Q extends QueueName, N extends JobName<Q>>(
  queue: Q,
  name: N,
): (target: new (...args: never[]) => JobHandler<Q, N>) => void {
  return (target) => HandlesJobMetadata({ queue, name })(target);
}
