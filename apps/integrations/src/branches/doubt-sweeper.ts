import { WorkerConfig } from '@nexos/config';
import { JobQueues, Repeated } from '@nexos/queue';
import { BranchLookupsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';

/** Every few seconds: re-enqueues the questions to repositories that have had branches in doubt for a while. */
@Injectable()
export class DoubtSweeper extends Repeated {
  constructor(
    private readonly lookups: BranchLookupsRepository,
    private readonly queues: JobQueues,
    private readonly config: WorkerConfig,
  ) {
    super('doubt sweep', config.sweepMs);
  }

  protected async takeTurn(): Promise<void> {
    const repositories = await this.lookups.findForgotten(this.config.sweepMs);
    await this.queues.remind(
      repositories.map((repository) => ({
        job: { queue: 'branches', name: 'look-up-branches', payload: { repository } },
        key: `branches-${repository}`,
      })),
    );
  }
}
