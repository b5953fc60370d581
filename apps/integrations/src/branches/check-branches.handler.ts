import { BranchChecksConfig, faultPoint, WorkerConfig } from '@nexos/config';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { BranchChecksRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { BranchCheck } from './branch-check.js';
import { LookupClaims } from './lookup-claims.js';

/** Compares a repository's branches with the Git host, if that is due and nobody else asks it now. */
@Injectable()
@HandlesJob('branches', 'check-branches')
export class CheckBranchesHandler implements JobHandler<'branches', 'check-branches'> {
  constructor(
    private readonly checks: BranchChecksRepository,
    private readonly claims: LookupClaims,
    private readonly check: BranchCheck,
    private readonly worker: WorkerConfig,
    private readonly config: BranchChecksConfig,
  ) {}

  async handle({ repository }: { repository: string }, stopping: AbortSignal): Promise<void> {
    const claim = await this.checks.claim(repository, this.worker.leaseMs, this.config.intervalMs);
    if (claim === null) return;
    faultPoint('check.begun');
    await this.claims.hold(repository, claim.id, () => this.check.run(repository, claim, stopping));
  }
}
