import { JobQueues, Repeater } from '@nexos/queue';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

const HOUR_MS = 3_600_000;
/** Redis may be wiped, and the schedules with it: they are set again this often. */
const SET_EVERY_MS = 60_000;

/** What happens by the clock: BullMQ's schedules, which run once however many workers set them. */
@Injectable()
export class Schedules implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly repeater: Repeater;

  constructor(private readonly queues: JobQueues) {
    this.repeater = new Repeater('schedules', SET_EVERY_MS, () => this.set());
  }

  onApplicationBootstrap(): void {
    this.repeater.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repeater.stop();
  }

  private async set(): Promise<void> {
    const options = { removeOnComplete: true, removeOnFail: { count: 50 } };
    const queue = await this.queues.queue('quota');
    await queue.upsertJobScheduler(
      'delete-expired',
      { every: HOUR_MS },
      { name: 'delete-expired', data: {}, opts: options },
    );
  }
}
