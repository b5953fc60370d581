import { GithubRequests } from '@nexos/github';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable } from '@nestjs/common';
import { ReportSender } from './report-sender.js';

/** Has GitHub told of a subject, without waiting for GitHub: others wait for the same queue. */
@Injectable()
@HandlesJob('notify', 'report-to-github')
export class ReportToGithubHandler implements JobHandler<'notify', 'report-to-github'> {
  constructor(
    private readonly sender: ReportSender,
    private readonly requests: GithubRequests,
  ) {}

  async handle({ reportId }: { reportId: string }): Promise<void> {
    if ((await this.requests.appId()) !== null) this.sender.wake(reportId);
  }
}
