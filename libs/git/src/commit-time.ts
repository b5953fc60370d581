import type { GitObject } from './git-objects.js';

/** Commit messages have no length limit; a larger commit object gets the time 0. */
export const COMMIT_LIMIT = 1024 * 1024;
/** The committer time, in the commit header, which ends at an empty line. */
const COMMITTED = /^(?:[^\n]+\n)*?committer [^\n]* (\d+) [+-]\d+\n/;
/** The latest time that the tar library can write, in seconds. */
const LATEST = 2 ** 31 - 1;

/** Returns the committer time of a commit object, in seconds since the epoch. */
export function commitSeconds({ content }: GitObject): number {
  return Math.min(Number(COMMITTED.exec(content?.toString() ?? '')?.[1] ?? 0), LATEST);
}
