import { type ProjectEntity } from '@nexos/database';
import { DeploymentFailure, remoteFailure } from '@nexos/domain';
import { RemoteBranches } from '@nexos/git';
import { InstallationTokens } from '@nexos/github';
import { BranchesRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { OutsideTransaction } from '../http/idempotency/outside-transaction.js';
import { ConcurrencyLimit } from '../http/limits/concurrency-limit.js';
import { ApiError } from '../http/problems/api-error.js';

/** A request waits this long for the Git host, with its token; a builder has more time. */
export const LOOK_UP_MS = 5_000;
/** Git processes at the same time: in all, for one repository and for one account. */
const MAX_LOOK_UPS = 8;
const MAX_LOOK_UPS_EACH = 2;
const MAX_LOOK_UPS_OF_ACCOUNT = 4;

/** Finds out which branch a request to deploy means, before anything is created for it. */
@Injectable()
export class RequestedBranch {
  private readonly lookUps = new ConcurrencyLimit(MAX_LOOK_UPS, MAX_LOOK_UPS_EACH);
  private readonly ofAccounts = new ConcurrencyLimit(MAX_LOOK_UPS, MAX_LOOK_UPS_OF_ACCOUNT);

  constructor(
    private readonly branches: BranchesRepository,
    private readonly remote: RemoteBranches,
    private readonly tokens: InstallationTokens,
    private readonly outside: OutsideTransaction,
  ) {}

  /**
   * Returns the requested branch, by default the repository's. Asks the Git host about a branch that no push has told
   * of; if the host does not answer, a builder will find out.
   *
   * @throws {ApiError} branch_not_found; when no branch is named: conflict, if Nexos may not read the repository, and
   *   service-unavailable, if the Git host does not answer
   */
  async choose(project: ProjectEntity, requested: string | undefined): Promise<string> {
    if (requested === undefined) return this.defaultOf(project);
    if ((await this.branches.headOf(project.id, requested)) !== null) return requested;
    const answer = await this.outside.run(`branch ${requested} of ${project.githubRepo}`, () =>
      this.ask(project, (about) => this.remote.lookUpTips({ ...about, branches: [requested] })),
    );
    if (answer instanceof Error || answer.has(requested)) return requested;
    throw new ApiError(
      'branch_not_found',
      `The branch ${requested} does not exist in ${project.githubRepo}. Push it, or deploy another branch.`,
    );
  }

  private async defaultOf(project: ProjectEntity): Promise<string> {
    const branch = await this.outside.run(`default branch of ${project.githubRepo}`, () =>
      this.ask(project, (about) => this.remote.defaultBranch(about)),
    );
    if (branch instanceof DeploymentFailure) throw unknownDefault(project, branch);
    if (branch instanceof ApiError) throw branch;
    if (branch !== null) return branch;
    throw new ApiError(
      'branch_not_found',
      `The default branch of ${project.githubRepo} does not exist. Push it, or name another branch.`,
    );
  }

  /** Returns the host's response, or the error to report instead. */
  private async ask<Answer>(
    project: ProjectEntity,
    work: (about: { repository: string; token: string | undefined; signal: AbortSignal }) => Promise<Answer>,
  ): Promise<Answer | DeploymentFailure | ApiError> {
    const { accountId, githubRepo } = project;
    if (this.lookUps.isFull || this.lookUps.isFullFor(githubRepo) || this.ofAccounts.isFullFor(accountId)) {
      return new ApiError(
        'service-unavailable',
        'Too many requests are waiting for the Git host. Name the branch, or try again in a moment.',
      );
    }
    const ends = [this.lookUps.begin(githubRepo), this.ofAccounts.begin(accountId)];
    const deadline = AbortSignal.timeout(LOOK_UP_MS);
    try {
      const token = await this.tokens.tokenFor(project, deadline);
      return await work({ repository: githubRepo, token, signal: deadline });
    } catch (error) {
      const explained = await this.tokens.explain(project, error);
      if (explained instanceof DeploymentFailure) return explained;
      if (deadline.aborted) return remoteFailure('repository_unreachable', githubRepo, error);
      throw error;
    } finally {
      for (const end of ends) end();
    }
  }
}

function unknownDefault({ githubRepo }: ProjectEntity, { code, message }: DeploymentFailure): ApiError {
  // Stays so until the user changes something, which the message names.
  if (code === 'repository_access_denied') return new ApiError('conflict', message);
  if (code === 'secrets_unreadable') return new ApiError('service-unavailable', message);
  return new ApiError(
    'service-unavailable',
    `The default branch of ${githubRepo} could not be looked up, since the Git host did not answer. Name the branch, or try again in a few minutes.`,
  );
}
