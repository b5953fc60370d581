import { DeploymentFailure } from '@nexos/domain';
import { GithubRequestError } from '../requests/github-request.error.js';

/**
 * A GitHub App is stored, but no configured key decrypts its credentials. Requests are tried again, as while GitHub is
 * away, since an operator can add the key.
 */
export class UnreadableAppError extends GithubRequestError {
  constructor(cause: unknown) {
    super(
      'unavailable',
      'The credentials of the stored GitHub App cannot be decrypted. The operator must add the key to ENCRYPTION_KEYS_OLD, or forget the App and create another one.',
    );
    this.name = 'UnreadableAppError';
    this.cause = cause;
  }

  /** Returns the failure of a deployment that has to read a repository. */
  failureFor(repository: string): DeploymentFailure {
    return new DeploymentFailure(
      'secrets_unreadable',
      `The repository ${repository} was not read, since the credentials of the GitHub App cannot be decrypted. Tell the operator that an encryption key is missing, then deploy again.`,
      { cause: this },
    );
  }
}
