import { BranchChecksConfig, WorkerConfig } from '@nexos/config';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { BranchChecksRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';

/** Enqueues the checks of repositories that have environments, spread over the interval between two checks of each. */
@Injectable()
export class BranchCheckSweeper extends PeriodicTask {
  constructor(
    private readonly checks: BranchChecksRepository,
    private readonly queues: JobQueues,
    private readonly config: BranchChecksConfig,
    private readonly worker: WorkerConfig,
  ) {
    super('branch check sweep', worker.sweepMs);
  }

  protected async run(): Promise<void> {
    const { intervalMs } = this.config;
    const repositories = await this.checks.findDue({ intervalMs, sweepMs: this.worker.sweepMs });
    await this.queues.reenqueue(
      repositories.map((repository) => ({
        job: { queue: 'branches', name: 'check-branches', payload: { repository } },
        key: `check-${repository}`,
      })),
    );
  }
}
