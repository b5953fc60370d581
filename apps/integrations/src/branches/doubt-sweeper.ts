import { WorkerConfig } from '@nexos/config';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { BranchLookupsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';

/** Repositories of one sweep. */
const AT_ONCE = 200;

/**
 * Every few seconds: re-enqueues the questions to repositories that have had branches in doubt for a while. Where there are
 * many, a sweep goes on where the one before ended.
 */
@Injectable()
export class DoubtSweeper extends PeriodicTask {
  private after = '';

  constructor(
    private readonly lookups: BranchLookupsRepository,
    private readonly queues: JobQueues,
    private readonly config: WorkerConfig,
  ) {
    super('doubt sweep', config.sweepMs);
  }

  protected async takeTurn(): Promise<void> {
    const repositories = await this.lookups.findForgotten(this.config.sweepMs, this.after, AT_ONCE);
    await this.queues.remind(
      repositories.map((repository) => ({
        job: { queue: 'branches', name: 'look-up-branches', payload: { repository } },
        key: `branches-${repository}`,
      })),
    );
    this.after = repositories[AT_ONCE - 1] ?? '';
  }
}
