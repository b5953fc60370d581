/** A token that can read one repository. */
export interface SubmoduleGrant {
  /** `owner/name`, which may be a newer name than the one in `.gitmodules`. */
  readonly repository: string;
  readonly token: string;
}

/** Decides which private repositories a build may have submodules of. */
export interface SubmoduleCredentials {
  /**
   * Returns a token for a repository; null if the build may not have it, or if it does not exist. Called only for
   * repositories that cannot be read without.
   *
   * @param repository `owner/name`
   * @throws {DeploymentFailure} repository_unreachable, while nobody can say; secrets_unreadable, while nobody can ask
   */
  grant(repository: string): Promise<SubmoduleGrant | null>;
  /** What somebody can do about a repository without a token, in whole sentences. */
  readonly advice: string;
}
