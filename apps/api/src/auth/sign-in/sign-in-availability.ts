import { GithubOAuth } from '@nexos/github';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/problems/api-error.js';

/** Checks whether the operator has configured sign-in with GitHub. */
@Injectable()
export class SignInAvailability {
  constructor(private readonly github: GithubOAuth) {}

  /** @throws {ApiError} not-found, when sign-in is not configured */
  async assertConfigured(): Promise<void> {
    if (await this.github.isConfigured()) return;
    throw new ApiError(
      'not-found',
      'Sign-in with GitHub is not configured. The operator must set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET, or create the App with POST /api/github/app-manifest.',
    );
  }
}
