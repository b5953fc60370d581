import { UnitOfWork } from '@nexos/database';
import { BuildUsageRepository, settleBuildMinutes } from '@nexos/state';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

const BATCH = 500;

/**
 * Adds ended builds to the daily figures, and records how much of its build minutes each account has used. Runs whenever a build
 * ends, and once a minute for those that run. Builders do not depend on it: they count builds that it has not metered yet.
 */
@Injectable()
@HandlesJob('quota', 'meter-builds')
export class MeterBuildsHandler implements JobHandler<'quota', 'meter-builds'> {
  private readonly logger = new Logger(MeterBuildsHandler.name);

  constructor(
    private readonly usage: BuildUsageRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** An account is warned before its runs are marked as metered, so a crash in between cannot lose the warning. */
  async handle(_: Record<string, never>, stopping: AbortSignal): Promise<void> {
    for (let found = BATCH; found === BATCH;) {
      const runs = await this.usage.findUnmetered(BATCH);
      if (
        !(await this.settle(
          runs.map(({ accountId }) => accountId),
          stopping,
        ))
      )
        return;
      await this.usage.meter(runs);
      found = runs.length;
    }
    await this.settle(await this.usage.accountsToSettle(), stopping);
  }

  /** Returns whether all accounts were settled, rather than the process stopping. */
  private async settle(accountIds: readonly string[], stopping: AbortSignal): Promise<boolean> {
    for (const accountId of new Set(accountIds)) {
      if (stopping.aborted) return false;
      const change = await this.unitOfWork.run((transaction) => settleBuildMinutes(transaction, accountId));
      if (change !== null) {
        this.logger.log(`build minutes of ${accountId}: ${change.to}, formerly ${change.from}`);
      }
    }
    return true;
  }
}
