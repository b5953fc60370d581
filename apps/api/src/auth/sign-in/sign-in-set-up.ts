import { GithubOAuth } from '@nexos/github';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/problems/api-error.js';

/** Whether an operator has set up that browsers sign in. */
@Injectable()
export class SignInSetUp {
  constructor(private readonly github: GithubOAuth) {}

  /** @throws {ApiError} not-found */
  require(): void {
    if (this.github.isSetUp) return;
    throw new ApiError(
      'not-found',
      'Sign-in with GitHub is not set up here: GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET are not given.',
    );
  }
}
