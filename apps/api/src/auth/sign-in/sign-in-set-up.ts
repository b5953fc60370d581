import { GithubOAuth } from '@nexos/github';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/problems/api-error.js';

/** Checks that an operator has configured the sign-in of browsers. */
@Injectable()
export class SignInSetUp {
  constructor(private readonly github: GithubOAuth) {}

  /** @throws {ApiError} not-found */
  require(): void {
    if (this.github.isConfigured) return;
    throw new ApiError(
      'not-found',
      'Sign-in with GitHub is not configured. The operator must set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET.',
    );
  }
}
