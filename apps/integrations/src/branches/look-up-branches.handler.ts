import { faultPoint, WorkerConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { BranchLookupsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { BranchLookup } from './branch-lookup.js';
import { LookupClaims } from './lookup-claims.js';

/** Looks up a repository's branches in doubt and applies the answer, with one lookup at a time for all of them. */
@Injectable()
@HandlesJob('branches', 'look-up-branches')
export class LookUpBranchesHandler implements JobHandler<'branches', 'look-up-branches'> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lookups: BranchLookupsRepository,
    private readonly lookup: BranchLookup,
    private readonly claims: LookupClaims,
    private readonly config: WorkerConfig,
  ) {}

  async handle({ repository }: { repository: string }, stopping: AbortSignal): Promise<void> {
    const lookupId = await this.lookups.claim(repository, this.config.leaseMs);
    if (lookupId === null) return;
    faultPoint('lookup.begun');
    const hasMore = await this.claims.hold(repository, lookupId, () =>
      this.lookup.run(repository, lookupId, stopping),
    );
    faultPoint('lookup.recorded');
    if (!hasMore) return;
    await this.unitOfWork.run((transaction) => {
      transaction.enqueue({ queue: 'branches', name: 'look-up-branches', payload: { repository } });
      return Promise.resolve();
    });
  }
}
