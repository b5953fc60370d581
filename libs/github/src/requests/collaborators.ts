import { Injectable } from '@nestjs/common';
import { GithubRequestError } from './github-request.error.js';
import { GithubRequests, type RepositoryAccess } from './github-requests.js';

/** A user by the id that stays and the login that may change. */
export interface GithubUserName {
  readonly id: string;
  readonly login: string;
}

const WRITING: readonly string[] = ['write', 'admin'];

/** What users may do in a repository (https://docs.github.com/en/rest/collaborators/collaborators). */
@Injectable()
export class Collaborators {
  constructor(private readonly requests: GithubRequests) {}

  /**
   * Returns whether a user has write access. False if GitHub has another user of that login now.
   *
   * @throws {GithubRequestError}
   */
  async mayWrite(access: RepositoryAccess, user: GithubUserName): Promise<boolean> {
    try {
      const answer = await this.requests.send(
        access,
        'metadata',
        'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
        { username: user.login },
      );
      return String(answer.user?.id) === user.id && WRITING.includes(answer.permission);
    } catch (error) {
      if (error instanceof GithubRequestError && error.kind === 'missing') return false;
      throw error;
    }
  }
}
