import { BranchChecksConfig, faultPoint } from '@nexos/config';
import { type ProjectEntity, UnitOfWork } from '@nexos/database';
import {
  type BranchFinding,
  DeploymentFailure,
  findingOn,
  lookupBackOffMs,
  type RemoteFailureCode,
  type RemoteHeads,
} from '@nexos/domain';
import { RemoteBranches } from '@nexos/git';
import { InstallationTokens } from '@nexos/github';
import {
  BranchChecksRepository,
  BranchLookupsRepository,
  type CheckClaim,
  type CheckedBranch,
  destroyMissing,
} from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { ClosedForkCheck } from '../forks/closed-fork-check.js';
import { BranchLookup } from './branch-lookup.js';
import { NewBranches } from './new-branches.js';
import { RepositoryAccessibility } from './repository-accessibility.js';

/**
 * Compares all branches that have an environment with the Git host, in case a webhook was missed. A branch that moved is handled
 * like one in doubt. One that is gone loses its environment if it was gone at an earlier check too, long enough ago.
 */
@Injectable()
export class BranchCheck {
  private readonly logger = new Logger(BranchCheck.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: BranchChecksRepository,
    private readonly lookups: BranchLookupsRepository,
    private readonly access: RepositoryAccessibility,
    private readonly lookup: BranchLookup,
    private readonly remote: RemoteBranches,
    private readonly tokens: InstallationTokens,
    private readonly config: BranchChecksConfig,
    private readonly newBranches: NewBranches,
    private readonly forks: ClosedForkCheck,
  ) {}

  /** @throws the signal's reason */
  async run(repository: string, claim: CheckClaim, signal: AbortSignal): Promise<void> {
    const before = await this.checks.liveBranches(repository, this.config.graceMs);
    const project = await this.checks.projectToAsk(repository);
    const isAsked =
      project !== null &&
      (before.length > 0 || project.pausedReason !== null || (await this.newBranches.isDue(repository)));
    const heads = isAsked ? await this.ask(project, claim.id, signal) : null;
    if (heads === 'no answer') return;
    faultPoint('check.answered');
    // What they say is not known yet. The next sweep begins again.
    if (await this.checks.hasDeliveries(repository)) return this.lookups.release(repository, claim.id);
    if (project !== null && heads !== null) await this.access.regained(project);
    const renamed = heads === null ? null : await this.apply(repository, claim, before, heads);
    if (heads !== null) await this.newBranches.find(repository, heads);
    faultPoint('check.applied');
    // A default branch that was renamed is remembered, so that no later check takes it for a deleted one.
    const formerDefault = renamed ?? heads?.defaultBranch ?? claim.formerDefault;
    const names = heads === null ? null : [...heads.tips.keys()];
    await this.checks.checked(repository, claim, { defaultBranch: formerDefault, heads: names });
    await this.lookups.answered(repository, claim.id);
    // Other lookups need not wait until GitHub has told of each pull request.
    await this.forks.run(repository, signal);
  }

  private async ask(
    project: ProjectEntity,
    claim: string,
    signal: AbortSignal,
  ): Promise<RemoteHeads | 'no answer'> {
    const { githubRepo, repositoryKey } = project;
    try {
      const token = await this.tokens.tokenFor(project);
      return await this.remote.listHeads({ repository: githubRepo, token, signal });
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
      this.logger.warn(`could not check the branches of ${repositoryKey}: ${error.message}`);
      const backOffMs = (failures: number) => lookupBackOffMs(error.code as RemoteFailureCode, failures);
      const failures = await this.lookups.failed(repositoryKey, claim, error.message, backOffMs);
      await this.access.denied(project, error, failures ?? 0);
      return 'no answer';
    }
  }

  /** Returns the default branch that was renamed, if one was. */
  private async apply(
    repository: string,
    { formerDefault }: CheckClaim,
    branches: readonly CheckedBranch[],
    heads: RemoteHeads,
  ): Promise<string | null> {
    const { defaultBranch } = heads;
    const isDefaultNew = defaultBranch !== null && !(await this.checks.isKnown(repository, defaultBranch));
    let renamed: string | null = null;
    for (const branch of branches) {
      // A lookup is under way, which knows better.
      if (branch.isInDoubt) continue;
      const finding = findingOn(branch, heads, { formerDefault, isDefaultNew });
      await this.applyFinding(branch, finding);
      if (finding.kind === 'renamed') renamed = branch.name;
    }
    return renamed;
  }

  private async applyFinding(branch: CheckedBranch, finding: BranchFinding): Promise<void> {
    const name = `the branch ${branch.name} of ${branch.projectId}`;
    switch (finding.kind) {
      case 'unchanged':
        if (branch.isMissing) await this.checks.recordMissing(branch, false);
        return;
      case 'new-head':
        return this.checks.recordHead(branch, finding.tip);
      case 'moved':
        return this.move(branch, finding.tip);
      case 'missing':
        if (!branch.isMissing)
          this.logger.warn(
            `${name} is gone from the Git host; checking again before its environment is destroyed`,
          );
        return this.checks.recordMissing(branch, true);
      case 'renamed':
      case 'unclear':
        this.logger.warn(`${name} is gone from the Git host, but its environment stays: ${finding.reason}`);
        return;
      case 'deleted':
        if (await this.unitOfWork.run((transaction) => destroyMissing(transaction, branch)))
          this.logger.log(
            `destroying the environment of ${name}, which is gone from the Git host; no webhook said so`,
          );
    }
  }

  /** If it fails halfway, the branch stays in doubt, which is looked up later. */
  private async move(branch: CheckedBranch, tip: string): Promise<void> {
    const doubted = await this.checks.putInDoubt(branch);
    if (doubted === null) return;
    faultPoint('check.doubted');
    this.logger.log(
      `the branch ${branch.name} of ${branch.projectId} moved to ${tip.slice(0, 12)}; no webhook said so`,
    );
    await this.lookup.settle({ branch: doubted, project: { id: branch.projectId } }, tip);
  }
}
