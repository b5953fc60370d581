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

  /**
   * An account is warned before its runs are marked as metered, so a crash in between cannot lose the warning. One that cannot
   * be settled keeps its runs for the next time, and does not hold up the others.
   *
   * @throws {AggregateError} after all others were settled, with the error of each account that could not be
   */
  async handle(_: Record<string, never>, stopping: AbortSignal): Promise<void> {
    const failed = new Map<string, unknown>();
    for (let found = BATCH; found === BATCH;) {
      const runs = await this.usage.findUnmetered(BATCH, [...failed.keys()]);
      await this.settle(new Set(runs.map(({ accountId }) => accountId)), failed, stopping);
      if (stopping.aborted) return;
      await this.usage.meter(runs.filter(({ accountId }) => !failed.has(accountId)));
      found = runs.length;
    }
    const others = await this.usage.accountsToSettle();
    await this.settle(new Set(others.filter((accountId) => !failed.has(accountId))), failed, stopping);
    if (failed.size > 0) {
      const ids = [...failed.keys()].join(', ');
      throw new AggregateError(
        failed.values(),
        `the build minutes of these accounts were not settled: ${ids}`,
      );
    }
  }

  /** Settles accounts until the process stops, and adds the errors of those that cannot be settled to `failed`. */
  private async settle(
    accountIds: ReadonlySet<string>,
    failed: Map<string, unknown>,
    stopping: AbortSignal,
  ): Promise<void> {
    for (const accountId of accountIds) {
      if (stopping.aborted) return;
      try {
        const change = await this.unitOfWork.run((transaction) => settleBuildMinutes(transaction, accountId));
        if (change !== null) {
          this.logger.log(`build minutes of ${accountId}: ${change.to}, formerly ${change.from}`);
        }
      } catch (error) {
        failed.set(accountId, error);
      }
    }
  }
}
