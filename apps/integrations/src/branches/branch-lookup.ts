import { faultPoint, IngressConfig } from '@nexos/config';
import { isDatabaseAway, UnitOfWork } from '@nexos/database';
import { DeploymentFailure, lookupBackOffMs, type RemoteFailureCode } from '@nexos/domain';
import { RemoteBranches } from '@nexos/git';
import { InstallationTokens } from '@nexos/github';
import { BranchLookupsRepository, type DoubtfulBranch, settleDoubt } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** One question to a repository. No lock is held and no transaction open while the Git host answers. */
@Injectable()
export class BranchLookup {
  private readonly logger = new Logger(BranchLookup.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lookups: BranchLookupsRepository,
    private readonly remote: RemoteBranches,
    private readonly tokens: InstallationTokens,
    private readonly ingress: IngressConfig,
  ) {}

  /**
   * Asks about all branches in doubt at once, and follows each. A repository that does not answer is left alone for a
   * while.
   *
   * @returns whether there are branches to ask about again at once
   * @throws the signal's reason
   */
  async run(repository: string, question: string, signal: AbortSignal): Promise<boolean> {
    const doubtful = await this.lookups.branchesInDoubt(repository);
    const tips = await this.ask(repository, question, doubtful, signal);
    if (tips === null) return false;
    faultPoint('lookup.answered');
    const stuck = new Set<string>();
    for (const one of doubtful) {
      if (!(await this.settle(one, tips.get(one.branch.name) ?? null))) stuck.add(one.branch.id);
    }
    faultPoint('lookup.settled');
    await this.lookups.answered(repository, question);
    // Doubts that came up while the host answered. Those that cannot be settled wait for the sweep.
    return (await this.lookups.branchesInDoubt(repository)).some(({ branch }) => !stuck.has(branch.id));
  }

  /** Returns where the branches stand; null when the repository does not answer. */
  private async ask(
    repository: string,
    question: string,
    doubtful: readonly DoubtfulBranch[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string> | null> {
    // A project that deliveries came to through a GitHub App knows its installation.
    const project = (doubtful.find((one) => one.project.installationId !== null) ?? doubtful[0])?.project;
    if (project === undefined) return new Map();
    const { githubRepo, installationId } = project;
    try {
      const installation = installationId === null ? undefined : Number(installationId);
      const token = await this.tokens.tokenFor(githubRepo, installation);
      const branches = [...new Set(doubtful.map(({ branch }) => branch.name))];
      return await this.remote.tipsOf({ repository: githubRepo, branches, token, signal });
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
      this.logger.warn(`${doubtful.length} branch(es) stay in doubt: ${error.message}`);
      const backOffMs = (failures: number) => lookupBackOffMs(error.code as RemoteFailureCode, failures);
      await this.lookups.failed(repository, question, error.message, backOffMs);
      return null;
    }
  }

  /**
   * Makes a branch lead where the remote has it, in a transaction of its own.
   *
   * @returns false when that failed, for a reason that is the branch's own
   */
  private async settle({ branch, project }: DoubtfulBranch, tip: string | null): Promise<boolean> {
    const seen = { askedAt: branch.headSha, tip };
    try {
      await this.unitOfWork.run((transaction) =>
        settleDoubt(transaction, branch, seen, this.ingress.baseDomain),
      );
      return true;
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      const { message, stack } = error as Error;
      this.logger.error(`${branch.name} of ${project.id} stays in doubt: ${message}`, stack);
      return false;
    }
  }
}
