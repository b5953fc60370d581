import { WorkerConfig } from '@nexos/config';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { DueForksRepository, ForkApprovalsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';

/** Approvals per sweep, and projects. */
const BATCH = 200;

/**
 * Every few seconds, re-enqueues the approvals of forks that GitHub is to be asked about again, and the projects with approved
 * commits that are due since a pause ended.
 */
@Injectable()
export class ApprovalSweeper extends PeriodicTask {
  constructor(
    private readonly approvals: ForkApprovalsRepository,
    private readonly forks: DueForksRepository,
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
    const projects = await this.forks.findDue(BATCH);
    await this.queues.reenqueue(
      projects.map((projectId) => ({
        job: { queue: 'branches', name: 'deploy-forks', payload: { projectId } },
        key: `forks-${projectId}`,
      })),
    );
  }
}
