import { createHash } from 'node:crypto';
import { faultPoint, NotifyConfig, withDeadline } from '@nexos/config';
import type { GithubRemote } from '@nexos/database';
import type { RepositoryAccess } from '@nexos/github';
import { type ClaimedReport, GithubReportsRepository, type ToldReport } from '@nexos/state';

/** How much longer than a request the claim of a report is. */
const LEASE_MARGIN_MS = 2_000;

/** Another worker has the report. */
export class ReportLostError extends Error {
  constructor(id: string) {
    super(`another worker has report ${id}`);
    this.name = 'ReportLostError';
  }
}

/** The log of a deployment is not complete yet. */
export class ReportNotReadyError extends Error {
  constructor() {
    super('the log is not complete');
    this.name = 'ReportNotReadyError';
  }
}

/** Returns for how long a report is claimed, and claimed again before each request. */
export function reportLeaseMs({ timeoutMs }: Pick<NotifyConfig, 'timeoutMs'>): number {
  return timeoutMs + LEASE_MARGIN_MS;
}

/** The requests by which GitHub is told of one report. Each is made only while no other worker has the report. */
export class ReportCall {
  constructor(
    readonly report: ClaimedReport,
    private readonly repository: { readonly name: string; readonly installationId: number },
    private readonly reports: GithubReportsRepository,
    private readonly config: NotifyConfig,
    private readonly stopping: AbortSignal,
  ) {}

  /**
   * Makes a request that changes nothing.
   *
   * @throws {ReportLostError}
   * @throws {GithubRequestError}
   */
  async ask<T>(request: (access: RepositoryAccess) => Promise<T>): Promise<T> {
    if (!(await this.reports.extend(this.report, reportLeaseMs(this.config)))) {
      throw new ReportLostError(this.report.id);
    }
    const signal = withDeadline(this.stopping, this.config.timeoutMs);
    const { name, installationId } = this.repository;
    return request({ repository: name, installationId, signal });
  }

  /** Makes a request that changes something; throws like `ask`. */
  async change<T>(request: (access: RepositoryAccess) => Promise<T>): Promise<T> {
    const result = await this.ask(request);
    faultPoint('report.sent');
    return result;
  }

  /** Records what GitHub has now, so that it is changed and not created again. */
  async keep(remote: GithubRemote): Promise<void> {
    await this.reports.keepRemote(this.report, remote);
    faultPoint('report.kept');
  }

  /** Returns whether GitHub surely has this content already. */
  isTold(content: unknown): boolean {
    return !this.report.wasInDoubt && this.report.told === digestOf(content);
  }
}

/** Returns what to record once GitHub has a content. */
export function toldReport(content: unknown, state: string): ToldReport {
  return { told: digestOf(content), state };
}

function digestOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}
