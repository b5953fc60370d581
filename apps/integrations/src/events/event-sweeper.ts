import { WorkerConfig } from '@nexos/config';
import { EventsRepository } from '@nexos/state';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { Injectable } from '@nestjs/common';

/** Younger events are probably still queued. */
const LEFT_AFTER_MS = 30_000;

/**
 * Every few seconds, re-enqueues events whose job was lost with Redis or ran out of retries. An event whose job still
 * waits or retries gets no second job.
 */
@Injectable()
export class EventSweeper extends PeriodicTask {
  constructor(
    private readonly events: EventsRepository,
    private readonly queues: JobQueues,
    config: WorkerConfig,
  ) {
    super('event sweep', config.sweepMs);
  }

  protected async run(): Promise<void> {
    const left = await this.events.findUndispatched(LEFT_AFTER_MS);
    await this.queues.add(left.map((job) => ({ job, delayMs: 0 })));
  }
}
