import { NotifyConfig } from '@nexos/config';
import { type ClaimedReport, GithubReportsRepository } from '@nexos/state';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { ReportAttempts } from './report-attempts.js';
import { reportLeaseMs } from './report-call.js';

/** Reports that one process tells at the same time. Waiting for GitHub takes no connection to Postgres. */
const AT_ONCE = 32;
/** Those of one installation: GitHub limits concurrent requests, and a suspended one leaves room for others. */
const AT_ONCE_OF_INSTALLATION = 4;
/** Reports that are being told have that long to end when the process stops. */
const GRACE_MS = 3_000;

/**
 * Tells GitHub what it does not know, outside the slots of the queue, so that nothing waits for a slow GitHub. Postgres says
 * what waits, and that one worker at a time tells of a subject. Safe to run in several processes.
 */
@Injectable()
export class ReportSender implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ReportSender.name);
  private readonly stopping = new AbortController();
  private isStopping = false;
  /** Reports to claim, in this order. */
  private readonly waiting = new Set<string>();
  /** Reports that may have to wait for others of their installation. */
  private readonly held = new Set<string>();
  private readonly running = new Map<Promise<void>, ClaimedReport>();
  private isClaiming = false;
  private claims = Promise.resolve();

  constructor(
    private readonly reports: GithubReportsRepository,
    private readonly attempts: ReportAttempts,
    private readonly config: NotifyConfig,
  ) {}

  /** Tells the report soon, if there is something to tell. */
  wake(reportId: string): void {
    this.waiting.add(reportId);
    if (!this.isClaiming) this.claims = this.claimAll();
  }

  /** Claims no more reports, and waits for those that are being told; after a while, hands them back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.claims;
    const grace = setTimeout(() => {
      this.stopping.abort(new Error('the process is stopping'));
    }, GRACE_MS);
    await Promise.all(this.running.keys());
    clearTimeout(grace);
  }

  private async claimAll(): Promise<void> {
    this.isClaiming = true;
    for (const id of this.waiting) {
      if (this.isStopping || this.running.size >= AT_ONCE) break;
      this.waiting.delete(id);
      const busy = this.busyInstallations();
      const report = await this.claim(id, busy);
      if (report === null) {
        if (busy.length > 0) this.held.add(id);
        // Those that kept it waiting may have ended during the claim.
        if (this.busyInstallations().length === 0) this.releaseHeld();
        continue;
      }
      const work = this.tell(report).finally(() => {
        this.running.delete(work);
        this.releaseHeld();
        // There may be a newer version.
        this.wake(id);
      });
      this.running.set(work, report);
    }
    this.isClaiming = false;
  }

  /** Has some of the held reports claimed again; all of them if no installation is busy. */
  private releaseHeld(): void {
    const count = this.busyInstallations().length === 0 ? this.held.size : AT_ONCE_OF_INSTALLATION;
    for (const id of [...this.held].slice(0, count)) {
      this.held.delete(id);
      this.waiting.add(id);
    }
  }

  private async claim(id: string, busy: readonly string[]): Promise<ClaimedReport | null> {
    try {
      return await this.reports.claim(id, reportLeaseMs(this.config), busy);
    } catch (error) {
      // A sweep finds it again.
      this.logger.warn(`could not claim report ${id}: ${(error as Error).message}`);
      return null;
    }
  }

  private async tell(report: ClaimedReport): Promise<void> {
    try {
      await this.attempts.run(report, this.stopping.signal);
    } catch (error) {
      // The claim ends by itself, and a sweep finds the report.
      this.logger.warn(`report ${report.id} will be told again: ${(error as Error).message}`);
    }
  }

  private busyInstallations(): string[] {
    const counts = new Map<string, number>();
    for (const { installationId } of this.running.values()) {
      if (installationId !== null) counts.set(installationId, (counts.get(installationId) ?? 0) + 1);
    }
    return [...counts].flatMap(([id, count]) => (count >= AT_ONCE_OF_INSTALLATION ? [id] : []));
  }
}
