import { faultPoint, NotifyConfig } from '@nexos/config';
import { ConfiguredApp, GithubRequestError } from '@nexos/github';
import { type ClaimedReport, GithubReportsRepository, type ToldReport } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { CheckReporter } from './check-reporter.js';
import { CommentReporter } from './comment-reporter.js';
import { DeploymentReporter } from './deployment-reporter.js';
import { ReportCall, ReportLostError, ReportNotReadyError } from './report-call.js';

/** How soon a log is looked at again that is not complete. */
const LOG_MS = 1_000;

/** Tells GitHub of a claimed report once, and records the result. */
@Injectable()
export class ReportAttempts {
  private readonly logger = new Logger(ReportAttempts.name);

  constructor(
    private readonly reports: GithubReportsRepository,
    private readonly checks: CheckReporter,
    private readonly deployments: DeploymentReporter,
    private readonly comments: CommentReporter,
    private readonly configured: ConfiguredApp,
    private readonly config: NotifyConfig,
  ) {}

  /** @param stopping aborts the attempt, which then does not count */
  async run(report: ClaimedReport, stopping: AbortSignal): Promise<void> {
    faultPoint('report.claimed');
    try {
      const told = await this.tell(report, stopping);
      await this.reports.recordTold(report, told);
    } catch (error) {
      if (error instanceof ReportNotReadyError) await this.reports.postpone(report, LOG_MS);
      else if (stopping.aborted) await this.reports.release(report);
      else if (error instanceof ReportLostError) await this.reports.tellAgain(report);
      else await this.recordFailure(report, asRequestError(error));
    }
    faultPoint('report.settled');
  }

  private async tell(report: ClaimedReport, stopping: AbortSignal): Promise<ToldReport | null> {
    const { installationId, repository: name, kind } = report;
    if (installationId === null) {
      throw new GithubRequestError('refused', 'The installation of the GitHub App is not known.');
    }
    if (!report.isConfirmed && (await this.configured.requiresConnection())) {
      throw new GithubRequestError(
        'refused',
        "GitHub has not confirmed that this account may use the repository. Set the project's github_repo again, to the same name.",
      );
    }
    const repository = { name, installationId: Number(installationId) };
    const call = new ReportCall(report, repository, this.reports, this.config, stopping);
    switch (kind) {
      case 'check':
        return this.checks.tell(call);
      case 'comment':
        return this.comments.tell(call);
      case 'deployment':
        return this.deployments.tell(call);
      case 'skip':
        return this.checks.tellSkipped(call);
    }
  }

  private async recordFailure(report: ClaimedReport, error: GithubRequestError): Promise<void> {
    const { kind, message, retryAfterMs } = error;
    const what = `the ${report.kind} of ${report.subject}`;
    if (kind === 'refused' || kind === 'missing') {
      const isOver = await this.reports.recordRefused(report, message, this.config);
      if (isOver) this.logger.warn(`gave up ${what} on GitHub: ${message}`);
      return;
    }
    if (kind === 'limited' && report.installationId !== null) {
      await this.reports.pause(report.installationId, retryAfterMs ?? this.config.retryMs);
    }
    await this.reports.recordFailed(report, message, retryAfterMs, this.config);
    this.logger.debug(`${what} on GitHub is tried again: ${message}`);
  }
}

/** An unexpected error is one that may pass. */
function asRequestError(error: unknown): GithubRequestError {
  if (error instanceof GithubRequestError) return error;
  return new GithubRequestError('unavailable', error instanceof Error ? error.message : String(error));
}
