import { Metrics } from '@nexos/observability';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { BuildUsageRepository, QuotaDriftRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

const BATCH = 500;

/** Compares the usage of each account with a recomputation, and reports what differs. Nothing should. */
@Injectable()
@HandlesJob('quota', 'check-quotas')
export class CheckQuotasHandler implements JobHandler<'quota', 'check-quotas'> {
  private readonly logger = new Logger(CheckQuotasHandler.name);
  private drifts = 0;

  constructor(
    private readonly quotas: QuotaDriftRepository,
    private readonly builds: BuildUsageRepository,
    metrics: Metrics,
  ) {
    metrics.gauge({
      name: 'nexos_quota_drift',
      help: 'Figures of accounts that differed from their recomputation in the last check of this worker',
      labelNames: [],
      collect: (gauge) => {
        gauge.set(this.drifts);
        return Promise.resolve();
      },
    });
  }

  async handle(_: Record<string, never>, stopping: AbortSignal): Promise<void> {
    let [checked, found] = [0, 0];
    for (let after: string | undefined = ''; after !== undefined;) {
      const batch: string[] = await this.quotas.accountsAfter(after, BATCH);
      for (const accountId of batch) {
        if (stopping.aborted) return;
        found += await this.check(accountId);
        checked++;
      }
      after = batch[BATCH - 1];
    }
    found += await this.checkBuilds();
    this.drifts = found;
    this.logger.log(`checked the usage of ${checked} accounts, drift in ${found} figures`);
  }

  private async check(accountId: string): Promise<number> {
    const drifts = await this.quotas.check(accountId);
    for (const { figure, counted, recomputed } of drifts) {
      this.logger.error(`${figure} of ${accountId} is counted as ${counted}, recomputed as ${recomputed}`);
    }
    return drifts.length;
  }

  /** Compares the figures of each day with the runs of builds that they were added up from, and ends runs that were left open. */
  private async checkBuilds(): Promise<number> {
    const abandoned = await this.builds.endAbandonedRuns();
    if (abandoned > 0) this.logger.error(`ended ${abandoned} run(s) of builds that no longer run`);
    const drifts = await this.builds.findDrift();
    for (const { accountId, projectId, date, seconds, builds } of drifts) {
      this.logger.error(
        `usage of ${projectId} of ${accountId} on ${date} differs from its builds by ${seconds} s and ${builds} builds`,
      );
    }
    return abandoned + drifts.length;
  }
}
