import { type ProjectEntity } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { RemoteBranches } from '@nexos/git';
import { InstallationTokens } from '@nexos/github';
import { BranchesRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { ConcurrencyLimit } from '../http/limits/concurrency-limit.js';
import { ApiError } from '../http/problems/api-error.js';

/** A request waits this long for the Git host; a builder has more time. */
export const LOOK_UP_MS = 5_000;
/** Git processes at the same time, in all and for one repository. */
const MAX_LOOK_UPS = 8;
const MAX_LOOK_UPS_EACH = 2;
/** The look-up has a deadline of its own. */
const NEVER = new AbortController().signal;

/** Finds out which branch a request to deploy means, before anything is created for it. */
@Injectable()
export class RequestedBranch {
  private readonly lookUps = new ConcurrencyLimit(MAX_LOOK_UPS, MAX_LOOK_UPS_EACH);

  constructor(
    private readonly branches: BranchesRepository,
    private readonly remote: RemoteBranches,
    private readonly tokens: InstallationTokens,
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
    const answer = await this.ask(project, (about) =>
      this.remote.lookUpTips({ ...about, branches: [requested] }),
    );
    if (answer instanceof Error || answer.has(requested)) return requested;
    throw new ApiError(
      'branch_not_found',
      `The branch ${requested} does not exist in ${project.githubRepo}. Push it, or deploy another branch.`,
    );
  }

  private async defaultOf(project: ProjectEntity): Promise<string> {
    const branch = await this.ask(project, (about) => this.remote.defaultBranch(about));
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
    const { githubRepo } = project;
    if (this.lookUps.isFull || this.lookUps.isFullFor(githubRepo)) {
      return new ApiError(
        'service-unavailable',
        'Too many requests are waiting for the Git host. Name the branch, or try again in a moment.',
      );
    }
    const end = this.lookUps.begin(githubRepo);
    try {
      const token = await this.tokens.tokenFor(project);
      return await work({ repository: githubRepo, token, signal: NEVER });
    } catch (error) {
      const explained = await this.tokens.explain(project, error);
      if (explained instanceof DeploymentFailure) return explained;
      throw error;
    } finally {
      end();
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
