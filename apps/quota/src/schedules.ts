import { JOB_NAMES, type JobName } from '@nexos/contracts';
import { JobQueues, Repeater } from '@nexos/queue';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

const HOUR_MS = 3_600_000;
const EVERY_MS: Readonly<Record<JobName<'quota'>, number>> = {
  'delete-expired': HOUR_MS,
  'expire-environments': HOUR_MS / 6,
};
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
    for (const name of JOB_NAMES.quota) {
      await queue.upsertJobScheduler(name, { every: EVERY_MS[name] }, { name, data: {}, opts: options });
    }
  }
}
