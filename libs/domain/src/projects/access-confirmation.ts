/** What is known about the right of a project's account to use its repository. */
export interface AccessConfirmation {
  /** When GitHub confirmed it; null when nobody asked. */
  readonly accessCheckedAt: Date | null;
  /** Whether the project has had its repository since before GitHub was asked. */
  readonly predatesAccessChecks: boolean;
}

/** Returns whether a project may use installations of the GitHub App where GitHub has to confirm its repository. */
export function isAccessConfirmed({ accessCheckedAt, predatesAccessChecks }: AccessConfirmation): boolean {
  return accessCheckedAt !== null || predatesAccessChecks;
}
