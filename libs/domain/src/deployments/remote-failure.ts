import { DeploymentFailure, type FailureCode } from './deployment-failure.js';

/** Why a repository could not be read from its Git host. */
export type RemoteFailureCode = Extract<
  FailureCode,
  'repository_unreachable' | 'repository_access_denied' | 'commit_not_found'
>;

/** Creates the failure of a deployment whose repository `owner/name` could not be read. */
export function remoteFailure(
  code: RemoteFailureCode | 'moved' | 'unconfirmed',
  repository: string,
  cause?: unknown,
): DeploymentFailure {
  const options = cause === undefined ? {} : { cause };
  switch (code) {
    case 'repository_unreachable':
      return new DeploymentFailure(
        code,
        `The repository ${repository} could not be reached: the Git host did not answer or dropped the connection. Deploy again in a few minutes.`,
        options,
      );
    case 'repository_access_denied':
      return new DeploymentFailure(
        code,
        `The repository ${repository} could not be read. Check that it exists and that the GitHub App is installed on it.`,
        options,
      );
    case 'commit_not_found':
      return new DeploymentFailure(
        code,
        `The repository ${repository} does not have this commit; a force push may have removed it. Push again, or deploy another commit.`,
        options,
      );
    case 'unconfirmed':
      return new DeploymentFailure(
        'repository_access_denied',
        `The repository ${repository} could not be read: GitHub has not confirmed that this account may use it, so the GitHub App's access is not used. Set the project's github_repo again, to the same name, and then deploy again.`,
        options,
      );
    case 'moved':
      return new DeploymentFailure(
        'repository_access_denied',
        `The repository ${repository} has moved. Set the project's github_repo to its new name.`,
        options,
      );
  }
}
