const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Returns whether the text is a full object name in lower case: SHA-1, or SHA-256 for repositories that use it. */
export function isCommitSha(text: string): boolean {
  return SHA.test(text);
}

/** @throws {TypeError} when the text is not a full object name */
export function assertCommitSha(text: string): void {
  if (!isCommitSha(text)) throw new TypeError('The commit must be a full SHA.');
}
