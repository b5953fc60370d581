import { JOB_NAMES, type JobName } from '@nexos/contracts';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { Injectable } from '@nestjs/common';

const HOUR_MS = 3_600_000;
const EVERY_MS: Readonly<Record<JobName<'quota'>, number>> = {
  'delete-expired': HOUR_MS,
  'expire-environments': HOUR_MS / 6,
  'check-quotas': HOUR_MS,
  'meter-builds': 60_000,
};
/** How often the schedules are set again, since Redis may lose them. */
const SET_EVERY_MS = 60_000;

/** Sets BullMQ's job schedules. Each job runs once per period, however many workers set them. */
@Injectable()
export class Schedules extends PeriodicTask {
  constructor(private readonly queues: JobQueues) {
    super('schedules', SET_EVERY_MS);
  }

  protected async run(): Promise<void> {
    const options = { removeOnComplete: true, removeOnFail: { count: 50 } };
    const queue = await this.queues.queue('quota');
    for (const name of JOB_NAMES.quota) {
      await queue.upsertJobScheduler(name, { every: EVERY_MS[name] }, { name, data: {}, opts: options });
    }
  }
}
