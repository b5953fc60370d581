import { WorkerConfig } from '@nexos/config';
import { EventsRepository } from '@nexos/state';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { Injectable } from '@nestjs/common';

/** Younger events are probably on their way. */
const LEFT_AFTER_MS = 30_000;

/**
 * Every few seconds: re-enqueues events whose job was lost with Redis, or failed too often. One whose job still waits, or
 * is about to be tried again, has no second one.
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

  protected async takeTurn(): Promise<void> {
    const left = await this.events.findLeft(LEFT_AFTER_MS);
    await this.queues.add(left.map((job) => ({ job, delayMs: 0 })));
  }
}
