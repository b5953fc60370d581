import { isNoCommit } from './push-order.js';

/** A branch with an environment, as Nexos knows it. */
export interface KnownBranch {
  readonly name: string;
  /** Null when no push told it. */
  readonly headSha: string | null;
  /** Whether an earlier check did not find it. */
  readonly isMissing: boolean;
  /** Whether that was longer ago than the grace period. */
  readonly isOverdue: boolean;
}

/** All branches of a repository, as the Git host listed them. */
export interface RemoteHeads {
  readonly tips: ReadonlyMap<string, string>;
  /** Null when the host names none, or one that does not exist. */
  readonly defaultBranch: string | null;
}

export type BranchFinding =
  /** As it is known. */
  | { readonly kind: 'unchanged' }
  /** Its head was not known until now. */
  | { readonly kind: 'new-head'; readonly tip: string }
  | { readonly kind: 'moved'; readonly tip: string }
  /** Gone, for the first time or within the grace period. */
  | { readonly kind: 'missing' }
  /** Gone at an earlier check too, for longer than the grace period. */
  | { readonly kind: 'deleted' }
  /** Gone, but it was the default branch, so that it was renamed rather than deleted. */
  | { readonly kind: 'renamed'; readonly reason: string }
  /** The answer says nothing about it. */
  | { readonly kind: 'unclear'; readonly reason: string };

/**
 * Decides what a list of all branches says about one of them. An empty list says nothing: the repository may just be recreated. A
 * default branch that is gone was renamed, because a Git host does not let anybody delete it.
 *
 * @param formerDefault the default branch at the last check; null when there was none
 * @param isDefaultNew whether Nexos knows nothing of the branch that is the default now
 */
export function findingOn(
  branch: KnownBranch,
  { tips, defaultBranch }: RemoteHeads,
  { formerDefault, isDefaultNew }: { formerDefault: string | null; isDefaultNew: boolean },
): BranchFinding {
  const tip = tips.get(branch.name);
  const head = branch.headSha === null || isNoCommit(branch.headSha) ? null : branch.headSha;
  if (tip !== undefined) {
    if (tip === head) return { kind: 'unchanged' };
    return head === null ? { kind: 'new-head', tip } : { kind: 'moved', tip };
  }
  if (tips.size === 0) return { kind: 'unclear', reason: 'the repository lists no branches, or too many' };
  if (branch.name === formerDefault)
    return { kind: 'renamed', reason: 'it was the default branch, which was probably renamed' };
  const atDefault = defaultBranch === null ? undefined : tips.get(defaultBranch);
  // A guess, as long as no check has seen which branch is the default.
  if (formerDefault === null && isDefaultNew && head !== null && head === atDefault)
    return { kind: 'renamed', reason: `it was probably renamed to ${defaultBranch ?? ''}` };
  return branch.isMissing && branch.isOverdue ? { kind: 'deleted' } : { kind: 'missing' };
}
