import { SignInConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { type SignedInUser } from '@nexos/github';
import { githubActor } from '@nexos/domain';
import { AccountInstallationsRepository, AccountsRepository, recordAudit } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/problems/api-error.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { dashboardPath } from './dashboard-path.js';

/** Signs in GitHub users. */
@Injectable()
export class SignInService {
  constructor(
    private readonly config: SignInConfig,
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly installations: AccountInstallationsRepository,
    private readonly sessions: SessionsService,
  ) {}

  /** Where GitHub sends the browser back to. */
  get redirectUri(): string {
    return `${new URL(this.config.publicApiUrl).origin}/api/auth/github/callback`;
  }

  /**
   * Starts a session for the user's account. Creates the account at the first sign-in, and replaces the installations
   * of the GitHub App that the user can use, if GitHub told them.
   *
   * @returns the session's cookie, as a `Set-Cookie` header
   * @throws {ApiError} forbidden
   */
  signIn(user: SignedInUser): Promise<string> {
    if (!this.isAllowed(user.login)) {
      throw new ApiError(
        'forbidden',
        `${user.login} is not allowed to sign in. Ask the operator to add the login to SIGN_IN_ALLOWED.`,
      );
    }
    return this.unitOfWork.run(async (transaction) => {
      const accountId = await this.accounts.saveGithub(user);
      const { installations } = user;
      const actor = githubActor(user.login);
      if (installations !== null) await this.installations.replace(accountId, installations, actor);
      const { id, cookie } = await this.sessions.begin(accountId);
      await recordAudit(transaction, {
        action: 'session.create',
        subject: id,
        accountId,
        actor,
        after: { login: user.login },
      });
      return cookie;
    });
  }

  /** Returns where to send the browser after sign-in. */
  destination(returnTo = ''): string {
    const { dashboardUrl } = this.config;
    return dashboardUrl === undefined ? '/api/auth/me' : dashboardPath(dashboardUrl, returnTo);
  }

  private isAllowed(login: string): boolean {
    return this.config.allowed.some((one) => one === '*' || one.toLowerCase() === login.toLowerCase());
  }
}
