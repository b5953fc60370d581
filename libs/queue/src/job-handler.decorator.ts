import { type JobName, type JobPayload, type QueueName } from '@nexos/contracts';
import { DiscoveryService } from '@nestjs/core';

/** Handles one kind of job. Must be idempotent, and safe to run late and concurrently with itself. */
export interface JobHandler<Q extends QueueName, N extends JobName<Q>> {
  /**
   * @param signal aborted when the process shuts down
   * @param crashes number of workers that died or froze while handling this job
   */
  handle(payload: JobPayload<Q, N>, signal: AbortSignal, crashes: number): Promise<void>;
}

export interface HandledJob {
  readonly queue: QueueName;
  readonly name: string;
}

export const HandlesJobMetadata = DiscoveryService.createDecorator<HandledJob>();

/** Declares the job that a class handles. Each job of a consumed queue has exactly one handler. */
export function HandlesJob<Q extends QueueName, N extends JobName<Q>>(
  queue: Q,
  name: N,
): (target: new (...args: never[]) => JobHandler<Q, N>) => void {
  return (target) => HandlesJobMetadata({ queue, name })(target);
}
