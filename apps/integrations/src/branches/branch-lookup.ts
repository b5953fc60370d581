import { faultPoint, IngressConfig } from '@nexos/config';
import { isDatabaseUnavailable, UnitOfWork } from '@nexos/database';
import { DeploymentFailure, isAccessConfirmed, lookupBackOffMs, type RemoteFailureCode } from '@nexos/domain';
import { RemoteBranches } from '@nexos/git';
import { type BranchMoved, InstallationTokens } from '@nexos/github';
import { BranchLookupsRepository, type BranchInDoubt, DeliveriesRepository, settleDoubt } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { readStoredDelivery, UnreadableDeliveryError } from '../deliveries/stored-delivery.js';

/** Looks up branch tips in a repository, with no lock held and no transaction open while the Git host answers. */
@Injectable()
export class BranchLookup {
  private readonly logger = new Logger(BranchLookup.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lookups: BranchLookupsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly remote: RemoteBranches,
    private readonly tokens: InstallationTokens,
    private readonly ingress: IngressConfig,
  ) {}

  /**
   * Looks up all branches in doubt together, and settles each of them. Backs off from a repository that does not answer.
   *
   * @returns whether more branches should be looked up right away
   * @throws the signal's reason
   */
  async run(repository: string, lookupId: string, signal: AbortSignal): Promise<boolean> {
    const doubtful = await this.lookups.branchesInDoubt(repository);
    const tips = await this.ask(repository, lookupId, doubtful, signal);
    if (tips === null) return false;
    faultPoint('lookup.answered');
    const stuck = new Set<string>();
    for (const doubt of doubtful) {
      if (!(await this.settle(doubt, tips.get(doubt.branch.name) ?? null))) stuck.add(doubt.branch.id);
    }
    faultPoint('lookup.settled');
    await this.lookups.answered(repository, lookupId);
    // Count doubts that arose while the host answered. Those that cannot be settled wait for the sweep.
    return (await this.lookups.branchesInDoubt(repository)).some(({ branch }) => !stuck.has(branch.id));
  }

  /** Returns the tips of the branches; null when the repository does not answer. */
  private async ask(
    repository: string,
    lookupId: string,
    doubtful: readonly BranchInDoubt[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string> | null> {
    // Prefer a project that is not paused, then one that may use the GitHub App, then one that knows its installation.
    const [project] = doubtful
      .map((doubt) => doubt.project)
      .sort((one, other) => reluctanceToAsk(one) - reluctanceToAsk(other));
    if (project === undefined) return new Map();
    const { githubRepo } = project;
    try {
      const token = await this.tokens.tokenFor(project);
      const branches = [...new Set(doubtful.map(({ branch }) => branch.name))];
      return await this.remote.lookUpTips({ repository: githubRepo, branches, token, signal });
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
      this.logger.warn(`${doubtful.length} branch(es) stay in doubt: ${error.message}`);
      const backOffMs = (failures: number) => lookupBackOffMs(error.code as RemoteFailureCode, failures);
      await this.lookups.failed(repository, lookupId, error.message, backOffMs);
      return null;
    }
  }

  /**
   * Moves a branch to its remote tip in its own transaction.
   *
   * @returns false when that failed for a reason specific to the branch
   */
  async settle(
    { branch, project }: { branch: BranchInDoubt['branch']; project: { id: string } },
    tip: string | null,
  ): Promise<boolean> {
    try {
      const commit = tip === null ? null : await this.deliveredCommit(project.id, branch.name, tip);
      const lookup = { headWhenAsked: branch.headSha, tip, commit };
      await this.unitOfWork.run((transaction) =>
        settleDoubt(transaction, branch, lookup, this.ingress.baseDomain),
      );
      return true;
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      const { message, stack } = error as Error;
      this.logger.error(`branch ${branch.name} of ${project.id} stays in doubt: ${message}`, stack);
      return false;
    }
  }

  /** Returns what the delivery of the commit says about it; the Git host tells only its id. */
  private async deliveredCommit(
    projectId: string,
    branch: string,
    sha: string,
  ): Promise<BranchMoved['commit']> {
    const delivery = await this.deliveries.pushOf(projectId, branch, sha);
    if (delivery?.body == null) return null;
    try {
      return (await readStoredDelivery(delivery)).move?.commit ?? null;
    } catch (error) {
      if (!(error instanceof UnreadableDeliveryError)) throw error;
      this.logger.warn(`could not read the delivery of ${sha}: ${error.message}`);
      return null;
    }
  }
}

/** Returns a number that is lower for projects that are more likely to have access. */
function reluctanceToAsk(project: BranchInDoubt['project']): number {
  const isPaused = project.pausedReason !== null;
  const hasInstallation = project.installationId !== null;
  return (isPaused ? 4 : 0) + (isAccessConfirmed(project) ? 0 : 2) + (hasInstallation ? 0 : 1);
}
