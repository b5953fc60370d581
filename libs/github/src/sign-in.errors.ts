/** GitHub rejected the code: it was used before, has expired, or was issued to somebody else. */
export class SignInRefusedError extends Error {
  constructor(readonly code: string) {
    super(`GitHub refused to sign the user in: ${code}`);
    this.name = 'SignInRefusedError';
  }
}

/** GitHub is unreachable, responds unexpectedly, or does not accept our client id and secret. */
export class GithubUnavailableError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'GithubUnavailableError';
  }
}
