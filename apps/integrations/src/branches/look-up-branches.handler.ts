import { faultPoint, WorkerConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { BranchLookupsRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { BranchLookup } from './branch-lookup.js';

/** Asks a repository where its branches in doubt stand, and follows them: one question at a time, for all of them. */
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
    const question = await this.lookups.begin(repository, this.config.leaseMs);
    if (question === null) return;
    faultPoint('lookup.begun');
    const renewal = setInterval(() => {
      this.lookups.renew(repository, question, this.config.leaseMs).catch((error: unknown) => {
        this.logger.warn(`the question to ${repository} is not renewed: ${(error as Error).message}`);
      });
    }, this.config.leaseMs / 3);
    let isMoreToAsk: boolean;
    try {
      isMoreToAsk = await this.lookup.run(repository, question, stopping);
    } catch (error) {
      await this.lookups.withdraw(repository, question);
      throw error;
    } finally {
      clearInterval(renewal);
    }
    faultPoint('lookup.recorded');
    if (!isMoreToAsk) return;
    await this.unitOfWork.run((transaction) => {
      transaction.enqueue({ queue: 'branches', name: 'look-up-branches', payload: { repository } });
      return Promise.resolve();
    });
  }
}
