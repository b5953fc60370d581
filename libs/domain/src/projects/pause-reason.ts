/** Why the deploys of a project are paused: nothing of it is destroyed, and environments keep running. */
export const PAUSE_REASONS = [
  'installation_suspended',
  'installation_removed',
  'repository_not_connected',
  'repository_inaccessible',
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** The reasons that follow from what the GitHub App is installed on; the other one is found by asking the Git host. */
export const CONNECTION_REASONS = [
  'installation_suspended',
  'installation_removed',
  'repository_not_connected',
] as const satisfies readonly PauseReason[];
export type ConnectionReason = (typeof CONNECTION_REASONS)[number];

/**
 * Returns why nothing is deployed, and what to do, as two sentences for the owner of the project.
 *
 * @param repository `owner/name`
 */
export function pauseMessage(reason: PauseReason, repository: string): string {
  switch (reason) {
    case 'installation_suspended':
      return `The installation of the GitHub App that gives access to ${repository} is suspended. Unsuspend it in the settings of its owner on GitHub.`;
    case 'installation_removed':
      return `The GitHub App was removed from the owner of ${repository}. Install it again on the repository.`;
    case 'repository_not_connected':
      return `The GitHub App no longer has access to ${repository} on behalf of this account. Add the repository to the installation; if its owner has changed, sign in with GitHub again, or set the project's github_repo again.`;
    case 'repository_inaccessible':
      return `The Git host says that ${repository} does not exist, or denies access to it. Restore the repository or the access, or set the project's github_repo: to the same name, to have GitHub confirm that this account may use it, or to another repository.`;
  }
}
