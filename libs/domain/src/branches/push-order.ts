/** Git's value for "no commit": the `before` of a new branch and the `after` of a deleted one. */
export const NO_COMMIT = '0'.repeat(40);

/** Returns whether the text means "no commit" in a SHA-1 or SHA-256 repository. */
export function isNoCommit(sha: string): boolean {
  return /^0+$/.test(sha);
}

/** The head of a branch according to the last accepted push. */
export interface BranchHead {
  readonly sha: string;
  readonly before: string;
  /** When GitHub received the push, to the second. */
  readonly pushedAt: Date | null;
}

export interface PushMove {
  /** Null when the event does not include the previous commit. */
  readonly before: string | null;
  readonly after: string;
  readonly pushedAt: Date | null;
}

/** `in-doubt` is resolved by a lookup of the branch on the remote. */
export type PushVerdict = 'newer' | 'older' | 'same' | 'in-doubt';

/**
 * Decides whether a push is newer than the head of its branch. Deliveries arrive late, twice and out of order; what
 * counts is the order in which GitHub received the pushes. A push carries two clues: its time, and the commit that it
 * moved the branch from. When both exist and disagree, or neither exists, the answer is `in-doubt`.
 */
export function comparePush(head: BranchHead | null, push: PushMove): PushVerdict {
  if (head === null) return 'newer';
  if (push.after === head.sha) return 'same';
  const byTime = verdictByTime(head, push);
  const byChain = verdictByChain(head, push);
  if (byTime === null) return byChain ?? 'in-doubt';
  if (byChain === null || byChain === byTime) return byTime;
  return 'in-doubt';
}

function verdictByTime(head: BranchHead, push: PushMove): 'newer' | 'older' | null {
  if (head.pushedAt === null || push.pushedAt === null) return null;
  const difference = push.pushedAt.getTime() - head.pushedAt.getTime();
  return difference === 0 ? null : difference > 0 ? 'newer' : 'older';
}

function verdictByChain(head: BranchHead, push: PushMove): 'newer' | 'older' | null {
  if (push.before === null) return null;
  const follows = push.before === head.sha;
  const precedes = push.after === head.before;
  return follows === precedes ? null : follows ? 'newer' : 'older';
}
