import { WorkerConfig } from '@nexos/config';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { DeliveriesRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** Repositories per sweep. */
const BATCH = 200;

/**
 * Every few seconds, re-enqueues repositories whose deliveries lost their job. When there are many, each sweep resumes
 * where the previous one ended, so that every repository gets a turn.
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

  protected async run(): Promise<void> {
    const repositories = await this.deliveries.findStalled(this.config.sweepMs, this.after, BATCH);
    await this.queues.reenqueue(
      repositories.map((repository) => ({
        job: { queue: 'deliveries', name: 'process-deliveries', payload: { repository } },
        key: `deliveries-${repository}`,
      })),
    );
    this.after = repositories[BATCH - 1] ?? '';
    if (repositories.length > 0) {
      this.logger.log(`re-enqueued ${repositories.length} repositories with waiting deliveries`);
    }
  }
}
