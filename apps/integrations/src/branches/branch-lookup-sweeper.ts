import { WorkerConfig } from '@nexos/config';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { BranchLookupsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';

/** Repositories per sweep. */
const BATCH = 200;

/**
 * Every few seconds, re-enqueues the lookups of repositories that have had branches in doubt for a while. When there
 * are many, each sweep resumes where the previous one ended.
 */
@Injectable()
export class BranchLookupSweeper extends PeriodicTask {
  private after = '';

  constructor(
    private readonly lookups: BranchLookupsRepository,
    private readonly queues: JobQueues,
    private readonly config: WorkerConfig,
  ) {
    super('doubt sweep', config.sweepMs);
  }

  protected async run(): Promise<void> {
    const repositories = await this.lookups.findStalled(this.config.sweepMs, this.after, BATCH);
    await this.queues.reenqueue(
      repositories.map((repository) => ({
        job: { queue: 'branches', name: 'look-up-branches', payload: { repository } },
        key: `branches-${repository}`,
      })),
    );
    this.after = repositories[BATCH - 1] ?? '';
  }
}
