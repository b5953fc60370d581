import { SignInConfig } from '@nexos/config';
import { mayConnect } from '@nexos/domain';
import {
  ConfiguredApp,
  type ConnectedRepository,
  type GithubAccess,
  GithubRequestError,
} from '@nexos/github';
import { AccountsRepository, RepositoryAccessRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { OutsideTransaction } from '../http/idempotency/outside-transaction.js';
import { ApiError } from '../http/problems/api-error.js';
import { GithubAvailability } from './github-availability.js';

/** Checks that an account may use a repository, before a project does. */
@Injectable()
export class RepositoryCheck {
  constructor(
    private readonly app: ConfiguredApp,
    private readonly signIn: SignInConfig,
    private readonly availability: GithubAvailability,
    private readonly accounts: AccountsRepository,
    private readonly access: RepositoryAccessRepository,
    private readonly outside: OutsideTransaction,
  ) {}

  /** Whether projects may use only repositories that this check has confirmed. */
  isRequired(): Promise<boolean> {
    return this.app.requiresConnection();
  }

  /** Whether projects keep their installation when a delivery comes through another one. */
  get keepsInstallations(): boolean {
    return this.app.keepsConnections;
  }

  /**
   * Returns the repository as GitHub knows it, if the account may use it. A repository that the account may not see gets
   * the same error as one that does not exist.
   *
   * @param repository `owner/name`
   * @throws {ApiError} repository-not-yours; service-unavailable, while GitHub does not answer
   */
  confirm(accountId: string, repository: string): Promise<ConnectedRepository> {
    return this.outside.run(`access to ${repository}`, () => this.ask(accountId, repository));
  }

  private async ask(accountId: string, repository: string): Promise<ConnectedRepository> {
    if (!(await this.availability.isConfigured())) {
      throw notYours(
        'No GitHub App is configured, so no repository can be connected. The operator must configure one, or set REPOSITORIES=any.',
      );
    }
    const { githubId, githubLogin, isOperator } = await this.accounts.get(accountId);
    const user = githubId === null || githubLogin === null ? null : { id: githubId, login: githubLogin };
    if (user === null && !isOperator) {
      throw notYours(
        'This account does not sign in with GitHub, so it has no access to repositories. Sign in with GitHub, and use a session or an API key of that account.',
      );
    }
    return this.availability.ask(accountId, async (github, signal) => {
      const found = await github.findRepository(repository, signal);
      if (found !== null && user === null) return found;
      if (found !== null && user !== null) {
        const permission = await github.permissionOf(user, found, signal);
        await this.access.record(accountId, [{ repositoryId: found.id, permission }]);
        if (mayConnect({ isPrivate: found.isPrivate, permission })) return found;
      }
      const page = await this.installPage(github, signal);
      throw notYours(
        user === null
          ? `The GitHub App is not installed on ${repository} or is suspended there, or the repository does not exist. Install it at ${page}, or have the owner unsuspend it.`
          : `GitHub does not confirm that this account may use ${repository}. Install the GitHub App on it at ${page}, have the owner unsuspend it if it is suspended there, ask the owner for access (to a public repository: write access), or sign in with GitHub again if your login has changed.`,
      );
    });
  }

  /** Returns GitHub's page, or our address that leads there if GitHub fails now: what GitHub said before stays true. */
  private async installPage(github: GithubAccess, signal: AbortSignal): Promise<string> {
    try {
      return await github.installPage(signal);
    } catch (error) {
      if (!(error instanceof GithubRequestError)) throw error;
      return `${new URL(this.signIn.publicApiUrl).origin}/api/github/install`;
    }
  }
}

function notYours(detail: string): ApiError {
  return new ApiError('repository-not-yours', detail);
}
