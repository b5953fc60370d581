/** GitHub says that the code is no good: it was used before, is too old, or was given to somebody else. */
export class SignInRefusedError extends Error {
  constructor(readonly code: string) {
    super(`GitHub refused to sign the user in: ${code}`);
    this.name = 'SignInRefusedError';
  }
}

/** GitHub cannot be reached, answers what it should not, or knows nothing of our client id and secret. */
export class GithubUnavailableError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'GithubUnavailableError';
  }
}
