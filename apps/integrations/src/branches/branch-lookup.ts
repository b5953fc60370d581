import { faultPoint, IngressConfig } from '@nexos/config';
import { isDatabaseUnavailable, UnitOfWork } from '@nexos/database';
import { DeploymentFailure, isAccessConfirmed, lookupBackOffMs, type RemoteFailureCode } from '@nexos/domain';
import { RemoteBranches } from '@nexos/git';
import { type BranchMoved, InstallationTokens } from '@nexos/github';
import {
  BranchLookupsRepository,
  type BranchInDoubt,
  DeliveriesRepository,
  dropDoubt,
  settleDoubt,
} from '@nexos/state';
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
    const [doubtful, unconfirmed] = await this.byAccess(await this.lookups.branchesInDoubt(repository));
    const tips = await this.ask(repository, lookupId, doubtful, signal);
    if (tips === null) return false;
    faultPoint('lookup.answered');
    const stuck = new Set<string>();
    for (const doubt of doubtful) {
      if (!(await this.settle(doubt, tips.get(doubt.branch.name) ?? null))) stuck.add(doubt.branch.id);
    }
    const others = await this.askUnconfirmed(repository, lookupId, unconfirmed, signal);
    if (others === null) return false;
    for (const doubt of unconfirmed) {
      if (others === 'denied') await this.drop(doubt);
      else if (!(await this.settle(doubt, others.get(doubt.branch.name) ?? null))) stuck.add(doubt.branch.id);
    }
    faultPoint('lookup.settled');
    await this.lookups.answered(repository, lookupId);
    // Count doubts that arose while the host answered. Those that cannot be settled wait for the sweep.
    return (await this.lookups.branchesInDoubt(repository)).some(({ branch }) => !stuck.has(branch.id));
  }

  /**
   * Returns the branches by the access of their projects: where GitHub has to confirm it, those of the projects that it did not
   * confirm are asked about on their own, so that these learn nothing from a token that they would not get.
   */
  private async byAccess(doubtful: readonly BranchInDoubt[]): Promise<[BranchInDoubt[], BranchInDoubt[]]> {
    if (!(await this.tokens.requiresConfirmation())) return [[...doubtful], []];
    const isConfirmed = ({ project }: BranchInDoubt) => isAccessConfirmed(project);
    return [doubtful.filter(isConfirmed), doubtful.filter((doubt) => !isConfirmed(doubt))];
  }

  /** Returns the tips of the branches; null when the repository does not answer. */
  private async ask(
    repository: string,
    lookupId: string,
    doubtful: readonly BranchInDoubt[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string> | null> {
    try {
      return await this.lookUp(doubtful, signal);
    } catch (error) {
      return this.backOff(repository, lookupId, doubtful, error);
    }
  }

  /** As `ask` does, except that a refusal does not delay the projects whose access GitHub confirmed. */
  private async askUnconfirmed(
    repository: string,
    lookupId: string,
    doubtful: readonly BranchInDoubt[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string> | 'denied' | null> {
    try {
      return await this.lookUp(doubtful, signal);
    } catch (error) {
      const isDenied = error instanceof DeploymentFailure && error.code === 'repository_access_denied';
      return isDenied ? 'denied' : this.backOff(repository, lookupId, doubtful, error);
    }
  }

  private async lookUp(
    doubtful: readonly BranchInDoubt[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    // Prefer a project that is not paused, then one that may use the GitHub App, then one that knows its installation.
    const [project] = doubtful
      .map((doubt) => doubt.project)
      .sort((one, other) => reluctanceToAsk(one) - reluctanceToAsk(other));
    if (project === undefined) return new Map();
    const token = await this.tokens.tokenFor(project);
    const branches = [...new Set(doubtful.map(({ branch }) => branch.name))];
    return this.remote.lookUpTips({ repository: project.githubRepo, branches, token, signal });
  }

  /** @throws an error that is not of the Git host */
  private async backOff(
    repository: string,
    lookupId: string,
    { length }: readonly BranchInDoubt[],
    error: unknown,
  ): Promise<null> {
    if (!(error instanceof DeploymentFailure)) throw error;
    this.logger.warn(`${length} branch(es) stay in doubt: ${error.message}`);
    const backOffMs = (failures: number) => lookupBackOffMs(error.code as RemoteFailureCode, failures);
    await this.lookups.failed(repository, lookupId, error.message, backOffMs);
    return null;
  }

  /** Ends the doubt about a branch of a project that may not know where it is. */
  private async drop({ branch }: BranchInDoubt): Promise<void> {
    this.logger.warn(
      `branch ${branch.name} of ${branch.projectId} is not looked up: GitHub has not confirmed the access to it`,
    );
    await this.unitOfWork.run((transaction) => dropDoubt(transaction, branch));
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
