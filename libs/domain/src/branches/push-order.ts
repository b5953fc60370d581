/** What Git sends for "no commit": the `before` of a new branch and the `after` of a deleted one. */
export const NO_COMMIT = '0'.repeat(40);

/** Tells whether the text stands for "no commit", in a repository of SHA-1 or of SHA-256. */
export function isNoCommit(sha: string): boolean {
  return /^0+$/.test(sha);
}

/** Where a branch stands, as the last push that was taken told it. */
export interface BranchHead {
  readonly sha: string;
  readonly before: string;
  /** When GitHub took the push; it counts whole seconds. */
  readonly pushedAt: Date | null;
}

export interface PushMove {
  /** Null when the event does not tell where the branch stood before. */
  readonly before: string | null;
  readonly after: string;
  readonly pushedAt: Date | null;
}

/** `in-doubt` is settled by asking the remote where the branch stands. */
export type PushVerdict = 'newer' | 'older' | 'same' | 'in-doubt';

/**
 * Deliveries arrive late, twice and out of order; the order that counts is the one GitHub received the
 * pushes in. A push tells it twice: by its time, and by the commit that it moved the branch from. Where
 * both speak and disagree, or neither speaks, nobody guesses.
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
