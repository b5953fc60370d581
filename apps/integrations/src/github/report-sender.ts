import { NotifyConfig } from '@nexos/config';
import { type ClaimedReport, GithubReportsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { Sender } from '../sending/sender.js';
import { ReportAttempts } from './report-attempts.js';
import { reportLeaseMs } from './report-call.js';

/** Those of one installation: GitHub limits concurrent requests, and a suspended one leaves room for others. */
const AT_ONCE_OF_INSTALLATION = 4;

/** Tells GitHub what it does not know; its keys are the ids of reports. Postgres says that one worker at a time tells of a subject. */
@Injectable()
export class ReportSender extends Sender<ClaimedReport> {
  /** Reports that may have to wait for others of their installation. */
  private readonly held = new Set<string>();

  constructor(
    private readonly reports: GithubReportsRepository,
    private readonly attempts: ReportAttempts,
    private readonly config: NotifyConfig,
  ) {
    super({ atOnce: 32, atOnceOfGroup: AT_ONCE_OF_INSTALLATION });
  }

  protected claim(id: string, busyInstallations: readonly string[]): Promise<ClaimedReport | null> {
    return this.reports.claim(id, reportLeaseMs(this.config), busyInstallations);
  }

  protected send(report: ClaimedReport, stopping: AbortSignal): Promise<void> {
    return this.attempts.run(report, stopping);
  }

  protected groupOf({ installationId }: ClaimedReport): string | null {
    return installationId;
  }

  protected override onNothing(id: string, hadBusyInstallations: boolean): void {
    if (hadBusyInstallations) this.held.add(id);
    // Those that kept it waiting may have ended during the claim.
    if (this.busyGroups().length === 0) this.releaseHeld();
  }

  protected override onEnded(): void {
    this.releaseHeld();
  }

  /** Has some of the held reports claimed again; all of them if no installation is busy. */
  private releaseHeld(): void {
    const count = this.busyGroups().length === 0 ? this.held.size : AT_ONCE_OF_INSTALLATION;
    for (const id of [...this.held].slice(0, count)) {
      this.held.delete(id);
      this.queue(id);
    }
  }
}
