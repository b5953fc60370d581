const FIRST_RETRY_MS = 15_000;
const LONGEST_RETRY_MS = 300_000;

/** Returns the milliseconds to wait before GitHub is asked again about an approval, after so many failures in a row. */
export function approvalRetryMs(failures: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures, 10), LONGEST_RETRY_MS);
}

/** Git allows no colon in the name of a branch, so no branch of a repository has such a name. */
const PREFIX = 'pull:';
const FORK_BRANCH = /^pull:([1-9]\d{0,9})$/;

/** Returns what stands for the branch in the environment of a fork's pull request. */
export function forkBranch(number: number): string {
  return `${PREFIX}${number}`;
}

/** Returns the number of the fork's pull request that an environment is of; null for a branch of the repository. */
export function forkPullRequest(branch: string): number | null {
  const number = FORK_BRANCH.exec(branch)?.[1];
  return number === undefined ? null : Number(number);
}

/** Returns whether an environment, or its deployment, is of a fork's pull request: it gets no secrets. */
export function isForkBranch(branch: string): boolean {
  return branch.startsWith(PREFIX);
}
