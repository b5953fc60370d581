import { SignInConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { type GithubUser } from '@nexos/github';
import { AccountsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/problems/api-error.js';
import { SessionsService } from '../sessions/sessions.service.js';

/** Lets users of GitHub in. */
@Injectable()
export class SignInService {
  constructor(
    private readonly config: SignInConfig,
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsService,
  ) {}

  /** GitHub sends the browser back here. */
  get redirectUri(): string {
    return `${new URL(this.config.publicApiUrl).origin}/api/auth/github/callback`;
  }

  /**
   * Begins a session of the user's account, which is made at the first time.
   *
   * @returns the session's cookie, as a `Set-Cookie` header
   * @throws {ApiError} forbidden
   */
  signIn(user: GithubUser): Promise<string> {
    if (!this.isAllowed(user.login)) {
      throw new ApiError('forbidden', `${user.login} may not sign in here; SIGN_IN_ALLOWED names who may.`);
    }
    return this.unitOfWork.run(async () => this.sessions.begin(await this.accounts.saveGithub(user)));
  }

  /** Where a browser goes that has signed in. */
  destination(returnTo = ''): string {
    const { dashboardUrl } = this.config;
    if (dashboardUrl === undefined) return '/api/auth/me';
    const { origin, pathname } = new URL(dashboardUrl);
    return returnTo === '' ? dashboardUrl : `${origin}${pathname.replace(/\/+$/, '')}${returnTo}`;
  }

  private isAllowed(login: string): boolean {
    return this.config.allowed.some((one) => one === '*' || one.toLowerCase() === login.toLowerCase());
  }
}
