/** What decides whether the head branch of a pull request is deployed. */
export interface PullRequestFacts {
  readonly state: 'open' | 'closed';
  readonly isDraft: boolean;
  readonly labels: readonly string[];
  /** Its head branch is in the same repository. Another repository, or one that is gone, is a fork. */
  readonly isOwn: boolean;
  /** Its head branch is a branch that pull requests are merged into: that of its own base, or the default branch. */
  readonly headIsBase: boolean;
}

/** Which pull requests a project deploys. */
export interface PullRequestRule {
  /** Null: all of them. */
  readonly label: string | null;
  readonly drafts: boolean;
}

/** Why a branch is not deployed because of a pull request, or without one. The last one is the closest to a deployment. */
export const PULL_REQUEST_OBSTACLES = [
  'no_pull_request',
  'fork',
  'base_branch',
  'draft',
  'no_label',
] as const;
export type PullRequestObstacle = (typeof PULL_REQUEST_OBSTACLES)[number];

/** Returns why a pull request does not have its head branch deployed; null if it does. GitHub's labels are case-insensitive. */
export function pullRequestObstacle(
  { state, isDraft, labels, isOwn, headIsBase }: PullRequestFacts,
  { label, drafts }: PullRequestRule,
): PullRequestObstacle | null {
  if (!isOwn) return 'fork';
  if (headIsBase) return 'base_branch';
  if (state === 'closed') return 'no_pull_request';
  if (isDraft && !drafts) return 'draft';
  const isLabelled = label === null || labels.some((one) => one.toLowerCase() === label.toLowerCase());
  return isLabelled ? null : 'no_label';
}

/** Returns why an approved commit of a fork's pull request is not deployed; null if it is. The name of its branch does not matter. */
export function forkObstacle(facts: PullRequestFacts, rule: PullRequestRule): PullRequestObstacle | null {
  return pullRequestObstacle({ ...facts, isOwn: true, headIsBase: false }, rule);
}

/**
 * Returns why a branch is not deployed; null if one of its pull requests has it deployed.
 *
 * @param pullRequests those with this head branch
 */
export function branchObstacle(
  pullRequests: readonly PullRequestFacts[],
  rule: PullRequestRule,
): PullRequestObstacle | null {
  const obstacles = pullRequests.map((one) => pullRequestObstacle(one, rule));
  if (obstacles.includes(null)) return null;
  return PULL_REQUEST_OBSTACLES.findLast((one) => obstacles.includes(one)) ?? 'no_pull_request';
}
