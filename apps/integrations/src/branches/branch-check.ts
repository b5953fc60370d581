import { BranchChecksConfig, faultPoint } from '@nexos/config';
import { type ProjectEntity, UnitOfWork } from '@nexos/database';
import {
  type BranchFinding,
  DeploymentFailure,
  findingOn,
  isAccessConfirmed,
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

/** Projects of a repository that have the same access to it. */
interface SameAccess {
  /** The one that the Git host is asked with. */
  readonly project: ProjectEntity;
  /** Whether they are those that GitHub confirmed, or the others; null: all projects. */
  readonly isConfirmed: boolean | null;
  readonly branches: readonly CheckedBranch[];
}

/** What is known about the default branch of a repository before its branches are compared. */
interface KnownDefault {
  readonly formerDefault: string | null;
  readonly isDefaultNew: boolean;
}

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
    const [first, other] = await this.groups(repository);
    const heads = first === undefined ? null : await this.ask(first, claim.id, signal);
    if (heads === 'no answer') return;
    const others = other === undefined ? null : await this.askAlso(other, signal);
    faultPoint('check.answered');
    // What they say is not known yet. The next sweep begins again.
    if (await this.checks.hasDeliveries(repository)) return this.lookups.release(repository, claim.id);
    const listed = heads ?? others;
    const known = {
      formerDefault: claim.formerDefault,
      isDefaultNew: await this.isDefaultNew(repository, listed),
    };
    let renamed: string | null = null;
    for (const [group, answer] of [
      [first, heads],
      [other, others],
    ] as const) {
      if (group === undefined || answer === null) continue;
      renamed = (await this.settle(repository, group, answer, known)) ?? renamed;
    }
    faultPoint('check.applied');
    // A default branch that was renamed is remembered, so that no later check takes it for a deleted one.
    const formerDefault = renamed ?? listed?.defaultBranch ?? claim.formerDefault;
    const names = listed === null ? null : [...listed.tips.keys()];
    await this.checks.checked(repository, claim, { defaultBranch: formerDefault, heads: names });
    await this.lookups.answered(repository, claim.id);
    // Other lookups need not wait until GitHub has told of each pull request.
    await this.forks.run(repository, signal);
  }

  /**
   * Returns the projects of a repository by their access. Where GitHub has to confirm it, the projects that it confirmed are
   * one group and the others another, so that these learn nothing from a token that they would not get.
   */
  private async groups(repository: string): Promise<SameAccess[]> {
    const project = await this.checks.projectToAsk(repository);
    if (project === null) return [];
    if (!(await this.tokens.requiresConfirmation())) return [await this.groupOf(project, null)];
    const isConfirmed = isAccessConfirmed(project);
    const other = await this.checks.projectToAsk(repository, !isConfirmed);
    const first = await this.groupOf(project, isConfirmed);
    return other === null ? [first] : [first, await this.groupOf(other, !isConfirmed)];
  }

  private async isDefaultNew(repository: string, heads: RemoteHeads | null): Promise<boolean> {
    const name = heads?.defaultBranch ?? null;
    return name !== null && !(await this.checks.isKnown(repository, name));
  }

  private async groupOf(project: ProjectEntity, isConfirmed: boolean | null): Promise<SameAccess> {
    const { graceMs } = this.config;
    const branches = await this.checks.liveBranches(project.repositoryKey, graceMs, isConfirmed);
    return { project, isConfirmed, branches };
  }

  /** Returns null when there is nothing to ask. */
  private async ask(
    group: SameAccess,
    claim: string,
    signal: AbortSignal,
  ): Promise<RemoteHeads | 'no answer' | null> {
    const { project } = group;
    const { repositoryKey } = project;
    try {
      return await this.list(group, signal);
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
      this.logger.warn(`could not check the branches of ${repositoryKey}: ${error.message}`);
      const backOffMs = (failures: number) => lookupBackOffMs(error.code as RemoteFailureCode, failures);
      const failures = await this.lookups.failed(repositoryKey, claim, error.message, backOffMs);
      await this.access.denied(project, error, failures ?? 0);
      return 'no answer';
    }
  }

  /**
   * Asks for the projects whose access is another one. That it fails neither delays the others nor pauses anything. Returns
   * null then, or when there is nothing to ask.
   */
  private async askAlso(group: SameAccess, signal: AbortSignal): Promise<RemoteHeads | null> {
    try {
      return await this.list(group, signal);
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
      const whose = group.isConfirmed === true ? 'confirmed' : 'unconfirmed';
      const { repositoryKey } = group.project;
      this.logger.warn(
        `could not check the branches of the ${whose} projects of ${repositoryKey}: ${error.message}`,
      );
      return null;
    }
  }

  private async list(
    { project, isConfirmed, branches }: SameAccess,
    signal: AbortSignal,
  ): Promise<RemoteHeads | null> {
    const { githubRepo, repositoryKey, pausedReason } = project;
    const isDue =
      branches.length > 0 ||
      pausedReason !== null ||
      (await this.newBranches.isDue(repositoryKey, isConfirmed));
    if (!isDue) return null;
    const token = await this.tokens.tokenFor(project);
    return this.remote.listHeads({ repository: githubRepo, token, signal });
  }

  /** Returns the default branch that was renamed, if one was. */
  private async settle(
    repository: string,
    { project, isConfirmed, branches }: SameAccess,
    heads: RemoteHeads,
    known: KnownDefault,
  ): Promise<string | null> {
    await this.access.regained(project, isConfirmed);
    const renamed = await this.apply(branches, heads, known);
    await this.newBranches.find(repository, heads, isConfirmed);
    return renamed;
  }

  private async apply(
    branches: readonly CheckedBranch[],
    heads: RemoteHeads,
    known: KnownDefault,
  ): Promise<string | null> {
    let renamed: string | null = null;
    for (const branch of branches) {
      // A lookup is under way, which knows better.
      if (branch.isInDoubt) continue;
      const finding = findingOn(branch, heads, known);
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
