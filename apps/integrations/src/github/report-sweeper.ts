import { WorkerConfig } from '@nexos/config';
import { PeriodicTask } from '@nexos/queue';
import { GithubRequests } from '@nexos/github';
import { GithubReportsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { ReportSender } from './report-sender.js';

/** Reports per sweep, at random, so that none is always left out. */
const BATCH = 200;

/** Every few seconds, finds the reports whose next attempt is due, and those whose worker died. */
@Injectable()
export class ReportSweeper extends PeriodicTask {
  constructor(
    private readonly reports: GithubReportsRepository,
    private readonly sender: ReportSender,
    private readonly requests: GithubRequests,
    config: WorkerConfig,
  ) {
    super('report sweep', config.sweepMs);
  }

  protected async run(): Promise<void> {
    if ((await this.requests.appId()) === null) return;
    for (const id of await this.reports.findDue(BATCH)) this.sender.wake(id);
  }
}
