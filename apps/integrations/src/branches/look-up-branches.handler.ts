import { faultPoint, WorkerConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { BranchLookupsRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { BranchLookup } from './branch-lookup.js';

/** Looks up a repository's branches in doubt and applies the answer, with one lookup at a time for all of them. */
@Injectable()
@HandlesJob('branches', 'look-up-branches')
export class LookUpBranchesHandler implements JobHandler<'branches', 'look-up-branches'> {
  private readonly logger = new Logger(LookUpBranchesHandler.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lookups: BranchLookupsRepository,
    private readonly lookup: BranchLookup,
    private readonly config: WorkerConfig,
  ) {}

  async handle({ repository }: { repository: string }, stopping: AbortSignal): Promise<void> {
    const lookupId = await this.lookups.claim(repository, this.config.leaseMs);
    if (lookupId === null) return;
    faultPoint('lookup.begun');
    const renewal = setInterval(() => {
      this.lookups.renew(repository, lookupId, this.config.leaseMs).catch((error: unknown) => {
        this.logger.warn(
          `could not renew the lease of the branch lookup of ${repository}: ${(error as Error).message}`,
        );
      });
    }, this.config.leaseMs / 3);
    let hasMore: boolean;
    try {
      hasMore = await this.lookup.run(repository, lookupId, stopping);
    } catch (error) {
      await this.lookups.release(repository, lookupId);
      throw error;
    } finally {
      clearInterval(renewal);
    }
    faultPoint('lookup.recorded');
    if (!hasMore) return;
    await this.unitOfWork.run((transaction) => {
      transaction.enqueue({ queue: 'branches', name: 'look-up-branches', payload: { repository } });
      return Promise.resolve();
    });
  }
}
