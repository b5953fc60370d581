import { WorkerConfig } from '@nexos/config';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { DeliveriesRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** Repositories of one sweep. */
const AT_ONCE = 200;

/**
 * Every few seconds: re-enqueues repositories with deliveries that the queue has lost. Where there are many, a sweep goes
 * on where the one before ended, so that each has its turn.
 */
@Injectable()
export class DeliverySweeper extends PeriodicTask {
  private readonly logger = new Logger(DeliverySweeper.name);
  private after = '';

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly queues: JobQueues,
    private readonly config: WorkerConfig,
  ) {
    super('delivery sweep', config.sweepMs);
  }

  protected async takeTurn(): Promise<void> {
    const repositories = await this.deliveries.findForgotten(this.config.sweepMs, this.after, AT_ONCE);
    await this.queues.remind(
      repositories.map((repository) => ({
        job: { queue: 'deliveries', name: 'process-deliveries', payload: { repository } },
        key: `deliveries-${repository}`,
      })),
    );
    this.after = repositories[AT_ONCE - 1] ?? '';
    if (repositories.length > 0) {
      this.logger.log(`re-enqueued ${repositories.length} repositories with deliveries that wait`);
    }
  }
}
