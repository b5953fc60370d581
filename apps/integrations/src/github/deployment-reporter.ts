import { IngressConfig } from '@nexos/config';
import { deploymentReport, githubContext } from '@nexos/domain';
import { type DeploymentIdentity, GithubDeployments } from '@nexos/github';
import { environmentUrl } from '@nexos/ingress';
import { ReportFactsRepository, type ToldReport } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { type ReportCall, toldReport } from './report-call.js';

/** Shows a deployment as a GitHub Deployment with statuses. */
@Injectable()
export class DeploymentReporter {
  constructor(
    private readonly facts: ReportFactsRepository,
    private readonly deployments: GithubDeployments,
    private readonly ingress: IngressConfig,
  ) {}

  /** Returns what GitHub was told; null when there is nothing to tell. */
  async tell(call: ReportCall): Promise<ToldReport | null> {
    const { subject: externalId, projectSlug, wasInDoubt } = call.report;
    const facts = await this.facts.ofDeployment(externalId);
    const commitSha = facts?.deployment.commitSha ?? null;
    if (facts === null || commitSha === null) return null;
    const { deployment, hostname, isDestroyed } = facts;
    const report = deploymentReport(deployment, environmentUrl(this.ingress, hostname), isDestroyed);
    const told = toldReport(report, report.state);
    if (call.isTold(report)) return told;
    const identity = { environment: githubContext(projectSlug), commitSha, externalId };
    const known = await this.knownId(call, identity);
    // GitHub need not know a deployment that was over before it could be told.
    if (known === null && report.state === 'inactive') return null;
    const id = known ?? (await this.create(call, identity));
    // GitHub keeps all statuses, so a repeated one would show.
    const hasIt = wasInDoubt && (await call.ask((access) => this.deployments.hasStatus(access, id, report)));
    if (!hasIt) await call.change((access) => this.deployments.addStatus(access, id, report));
    return told;
  }

  private async knownId(call: ReportCall, identity: DeploymentIdentity): Promise<number | null> {
    const { remote, wasInDoubt } = call.report;
    if (typeof remote.id === 'number') return remote.id;
    if (!wasInDoubt) return null;
    const found = await call.ask((access) => this.deployments.find(access, identity));
    if (found !== null) await call.keep({ id: found });
    return found;
  }

  private async create(call: ReportCall, identity: DeploymentIdentity): Promise<number> {
    const id = await call.change((access) => this.deployments.create(access, identity));
    await call.keep({ id });
    return id;
  }
}
