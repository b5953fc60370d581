import { BranchChecksConfig, withDeadline } from '@nexos/config';
import { forkPullRequest } from '@nexos/domain';
import { ConfiguredApp, GithubRequestError, PullRequestComments } from '@nexos/github';
import { type CheckedFork, ForkChecksRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

const TIMEOUT_MS = 10_000;

/**
 * Asks GitHub whether the pull requests of forks that have an environment are still open, in case a webhook was missed. An
 * environment is destroyed if its pull request was closed at an earlier check too, long enough ago. Only an answer of GitHub
 * destroys anything.
 */
@Injectable()
export class ClosedForkCheck {
  private readonly logger = new Logger(ClosedForkCheck.name);

  constructor(
    private readonly checks: ForkChecksRepository,
    private readonly pullRequests: PullRequestComments,
    private readonly config: BranchChecksConfig,
    private readonly app: ConfiguredApp,
  ) {}

  /** @throws the signal's reason */
  async run(repository: string, signal: AbortSignal): Promise<void> {
    const { graceMs } = this.config;
    const requiresConfirmation = await this.app.requiresConnection();
    for (const fork of await this.checks.live(repository, { graceMs, requiresConfirmation })) {
      const number = forkPullRequest(fork.branch);
      if (number === null) continue;
      try {
        const isOpen = await this.isOpen(fork, number, signal);
        await this.apply(fork, isOpen);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof GithubRequestError)) throw error;
        this.logger.warn(`could not ask whether ${repository}#${number} is closed: ${error.message}`);
        // Others would fail in the same way. The next check asks about all of them.
        if (error.kind === 'limited' || error.kind === 'unavailable') return;
      }
    }
  }

  private async isOpen(
    { repository, repositoryId, installationId }: CheckedFork,
    number: number,
    stopping: AbortSignal,
  ): Promise<boolean> {
    const signal = withDeadline(stopping, TIMEOUT_MS);
    const access = { repository, installationId: Number(installationId), signal };
    const found = await this.pullRequests.stateOf(access, number);
    if (found.repositoryId === repositoryId) return found.isOpen;
    throw new GithubRequestError('missing', 'The name is that of another repository now.');
  }

  private async apply(fork: CheckedFork, isOpen: boolean): Promise<void> {
    const { branch, projectId, missingSince, isOverdue } = fork;
    if (isOpen) {
      if (missingSince !== null) await this.checks.recordClosed(fork, false);
      return;
    }
    const name = `the pull request of ${branch} of ${projectId}`;
    if (!isOverdue) {
      if (missingSince === null)
        this.logger.warn(`${name} is closed; checking again before its environment is destroyed`);
      return this.checks.recordClosed(fork, true);
    }
    if (await this.checks.destroyClosed(fork))
      this.logger.log(`destroying the environment of ${name}, which is closed; no webhook said so`);
  }
}
