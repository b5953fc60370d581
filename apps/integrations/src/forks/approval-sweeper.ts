import { WorkerConfig } from '@nexos/config';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { ForkApprovalsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';

/** Approvals per sweep. */
const BATCH = 200;

/** Every few seconds, re-enqueues the approvals of forks that GitHub is to be asked about again. */
@Injectable()
export class ApprovalSweeper extends PeriodicTask {
  constructor(
    private readonly approvals: ForkApprovalsRepository,
    private readonly queues: JobQueues,
    config: WorkerConfig,
  ) {
    super('approval sweep', config.sweepMs);
  }

  protected async run(): Promise<void> {
    const due = await this.approvals.findDue(BATCH);
    await this.queues.reenqueue(
      due.map((approvalId) => ({
        job: { queue: 'branches', name: 'check-approval', payload: { approvalId } },
        key: `approval-${approvalId}`,
      })),
    );
  }
}
