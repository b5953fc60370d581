import { DeploymentFailure, isAccessConfirmed, remoteFailure } from '@nexos/domain';
import type { ProjectEntity } from '@nexos/database';
import type { SubmoduleCredentials, SubmoduleGrant } from '@nexos/git';
import {
  ConfiguredApp,
  type ConnectedRepository,
  GithubAccess,
  GithubRequestError,
  InstallationTokens,
  UnreadableAppError,
} from '@nexos/github';
import { AccountsRepository, RepositoryAccessRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { BuildTask } from '../builds/build-task.js';

/** For a project that gets no token of the App, not even for its own repository. */
const UNCONFIRMED: SubmoduleCredentials = {
  advice:
    'A private one needs a project whose access GitHub has confirmed: set github_repo of the project again.',
  grant: () => Promise.resolve(null),
};
const SAME_OWNER = 'A private one needs the GitHub App, installed by the same owner';

type Build = Pick<BuildTask, 'project' | 'log' | 'signal'>;

/**
 * Gives builds tokens for private submodules: each can read the contents of one repository. Everybody who can push to a
 * project's repository can choose its submodules, so there are tokens only for repositories of the same installation that
 * the project's account may read, or for all of that installation with `REPOSITORIES=any`.
 */
@Injectable()
export class SubmoduleAccess {
  constructor(
    private readonly app: ConfiguredApp,
    private readonly github: GithubAccess,
    private readonly tokens: InstallationTokens,
    private readonly accounts: AccountsRepository,
    private readonly access: RepositoryAccessRepository,
  ) {}

  /** Returns the credentials for the submodules of a build; undefined without a GitHub App. It asks about each repository once. */
  async forBuild(build: Build): Promise<SubmoduleCredentials | undefined> {
    if (!(await this.app.exists())) return undefined;
    const isAsked = await this.app.requiresConnection();
    if (isAsked && !isAccessConfirmed(build.project)) return UNCONFIRMED;
    const known = new Map<string, SubmoduleGrant | null>();
    return {
      advice: isAsked ? `${SAME_OWNER}, and read access for the project's account.` : `${SAME_OWNER}.`,
      grant: async (repository) => {
        const key = repository.toLowerCase();
        const found = known.get(key);
        if (found !== undefined) return found;
        const grant = await this.grant(build, repository, isAsked);
        known.set(key, grant);
        return grant;
      },
    };
  }

  private async grant(
    { project, log, signal }: Build,
    repository: string,
    isAsked: boolean,
  ): Promise<SubmoduleGrant | null> {
    try {
      const found = await this.github.findRepository(repository, signal);
      if (found === null) return null;
      if (found.installationId !== (await this.installationOf(project, signal))) return null;
      if (isAsked && !(await this.mayRead(project.accountId, found, signal))) return null;
      const token = await this.tokens.tokenOf(found.name, Number(found.installationId), signal);
      if (token === undefined) return null;
      log.redactAlso([token]);
      return { repository: found.name, token };
    } catch (error) {
      if (error instanceof UnreadableAppError) throw error.failureFor(repository);
      if (error instanceof GithubRequestError)
        throw remoteFailure('repository_unreachable', repository, error);
      if (error instanceof DeploymentFailure && error.code === 'repository_access_denied') return null;
      throw error;
    }
  }

  /** Returns the installation that a project's repository belongs to; null without one. */
  private async installationOf(
    { installationId, githubRepo }: ProjectEntity,
    signal: AbortSignal,
  ): Promise<string | null> {
    if (installationId !== null) return installationId;
    return (await this.github.findRepository(githubRepo, signal))?.installationId ?? null;
  }

  /** Returns whether an account may read a repository, by what GitHub answered within ten minutes. */
  private async mayRead(
    accountId: string,
    repository: ConnectedRepository,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { githubId, githubLogin, isOperator } = await this.accounts.get(accountId);
    // Operators without GitHub run the App: they may use every repository that it is installed on.
    if (githubId === null || githubLogin === null) return isOperator;
    const known = await this.access.recorded(accountId, repository.id);
    if (known !== null) return known !== 'none';
    const user = { id: githubId, login: githubLogin };
    const permission = await this.github.permissionOf(user, repository, signal);
    await this.access.record(accountId, [{ repositoryId: repository.id, permission }]);
    return permission !== 'none';
  }
}
