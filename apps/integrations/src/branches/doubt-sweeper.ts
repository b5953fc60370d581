import { WorkerConfig } from '@nexos/config';
import { findBranchesInDoubt } from '@nexos/state';
import { JobQueues, Repeated } from '@nexos/queue';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Every few seconds: re-enqueues the questions about branches that have been in doubt for a while. */
@Injectable()
export class DoubtSweeper extends Repeated {
  constructor(
    private readonly dataSource: DataSource,
    private readonly queues: JobQueues,
    private readonly config: WorkerConfig,
  ) {
    super('doubt sweep', config.sweepMs);
  }

  protected async takeTurn(): Promise<void> {
    const branches = await findBranchesInDoubt(this.dataSource.manager, this.config.sweepMs);
    await this.queues.remind(
      branches.map((branchId) => ({
        job: { queue: 'branches', name: 'follow-branch', payload: { branchId } },
        key: `branch-${branchId}`,
      })),
    );
  }
}
