import { IngressConfig } from '@nexos/config';
import { CHECK_LOG_LINES, type CheckReport, checkReport, githubContext, skippedReport } from '@nexos/domain';
import { type CheckIdentity, CheckRuns } from '@nexos/github';
import { environmentUrl } from '@nexos/ingress';
import { BuildLog } from '@nexos/logs';
import { type DeploymentReportFacts, ReportFactsRepository, type ToldReport } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { type ReportCall, ReportNotReadyError, toldReport } from './report-call.js';

/** Shows deployments and skipped pushes as check runs of their commits. */
@Injectable()
export class CheckReporter {
  constructor(
    private readonly facts: ReportFactsRepository,
    private readonly checks: CheckRuns,
    private readonly log: BuildLog,
    private readonly ingress: IngressConfig,
  ) {}

  /** Returns what GitHub was told; null when there is nothing to tell. */
  async tell(call: ReportCall): Promise<ToldReport | null> {
    const { subject: externalId, projectSlug } = call.report;
    const facts = await this.facts.ofDeployment(externalId);
    const commitSha = facts?.deployment.commitSha ?? null;
    if (facts === null || commitSha === null) return null;
    const { deployment, branch, hostname } = facts;
    const url = environmentUrl(this.ingress, hostname);
    const report = checkReport({ deployment, branch, url, logLines: await this.logLines(facts) });
    return this.tellRun(call, { name: githubContext(projectSlug), commitSha, externalId, url }, report);
  }

  /** Shows a push that was skipped as a check run of its commit; returns what GitHub was told. */
  async tellSkipped(call: ReportCall): Promise<ToldReport | null> {
    const { subject: externalId, branch, skipped, projectSlug } = call.report;
    if (skipped === null) return null;
    const identity = {
      name: githubContext(projectSlug),
      commitSha: skipped.commitSha,
      externalId,
      url: null,
    };
    return this.tellRun(call, identity, skippedReport(branch, skipped.reason));
  }

  private async tellRun(call: ReportCall, identity: CheckIdentity, report: CheckReport): Promise<ToldReport> {
    const { remote } = call.report;
    const told = toldReport(report, report.conclusion ?? report.status);
    if (call.isTold(report)) return told;
    if (typeof remote.id === 'number') {
      const { id } = remote;
      await call.change((access) => this.checks.update(access, id, report));
      return told;
    }
    const found = call.report.wasInDoubt
      ? await call.ask((access) => this.checks.find(access, identity))
      : null;
    const check = found ?? (await call.change((access) => this.checks.create(access, identity, report)));
    await call.keep({ id: check.id, url: check.url });
    if (found !== null) await call.change((access) => this.checks.update(access, found.id, report));
    return told;
  }

  /** @throws {ReportNotReadyError} while the log of a failed deployment is still written */
  private async logLines({ deployment: { id, status } }: DeploymentReportFacts): Promise<string[]> {
    if (status !== 'failed') return [];
    if (!(await this.log.reader.isComplete(id))) throw new ReportNotReadyError();
    return (await this.log.reader.tail(id, CHECK_LOG_LINES)).map(({ text }) => text);
  }
}
