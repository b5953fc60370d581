import {
  branchObstacle,
  type DeliveryReason,
  type DeliveryResult,
  GITHUB_ACTOR,
  isBranchSelected,
  pullRequestObstacle,
} from '@nexos/domain';
import type { ProjectEntity, Transaction } from '@nexos/database';
import { askForHead, deployOnceResumed } from '../branches/ask-for-head.js';
import { destroyBranch } from '../branches/follow-branch.js';
import { applyForkChange } from '../forks/apply-fork-change.js';
import { lockBranch } from '../branches/lock-branch.js';
import { wantComment } from '../github-reports/wanted-reports.js';
import { openPullRequestsOf, ruleOf } from './open-pull-requests.js';
import type { PullRequestChange } from './record-pull-request.js';

/** Options for applying a change of a pull request. */
export interface ApplyPullRequestOptions {
  /** Deploys the branch although the pull request had it deployed before. */
  readonly force: boolean;
  /** The API key or session that replayed the delivery; null for its first processing. */
  readonly replayedBy: string | null;
  readonly baseDomain: string;
}

/**
 * Applies a change of a pull request to a project. If its branch is to be deployed from now on, asks the Git host for the
 * head of the branch; if it is closed, destroys the environment. Both only if the project deploys pull requests. Call it with
 * the project locked and active.
 */
export async function applyPullRequest(
  transaction: Transaction,
  project: ProjectEntity,
  change: PullRequestChange,
  { force, replayedBy, baseDomain }: ApplyPullRequestOptions,
): Promise<DeliveryResult> {
  const { pullRequest, repositoryId, isNewest, before } = change;
  if (!isNewest) return nothing('ignored', 'older');
  const rule = ruleOf(project);
  const obstacle = pullRequestObstacle(pullRequest, rule);
  if (obstacle === 'fork') return applyForkChange(transaction, project, change, replayedBy, baseDomain);
  if (pullRequest.state === 'open') await wantComment(transaction, project.id, pullRequest.headBranch);
  if (project.deployOn !== 'pull_request') return nothing('ignored', 'deploys_pushes');
  if (obstacle === 'base_branch') return nothing('skipped', obstacle);
  const { headBranch } = pullRequest;
  if (pullRequest.state === 'closed') {
    const open = await openPullRequestsOf(transaction.manager, project, repositoryId, headBranch);
    if (open.length > 0) return nothing('ignored', 'other_pull_request');
    const cause = { actor: replayedBy ?? GITHUB_ACTOR, reason: 'pull_request_closed' } as const;
    const existed = await destroyBranch(transaction, project.id, headBranch, cause);
    return existed ? { ...nothing('destroyed', null) } : nothing('ignored', 'no_environment');
  }
  if (obstacle !== null) return nothing('skipped', obstacle);
  if (branchObstacle(before.get(project.id) ?? [], rule) === null && !force)
    return nothing('ignored', 'deploys_already');
  if (!project.autoDeploy) return nothing('ignored', 'auto_deploy_off');
  const filter = { include: project.branchInclude, exclude: project.branchExclude };
  if (!isBranchSelected(filter, headBranch)) return nothing('ignored', 'branch_filter');
  if (project.pausedReason !== null) {
    await lockBranch(transaction, project.id, headBranch);
    await deployOnceResumed(transaction, project.id, headBranch);
    return nothing('skipped', project.pausedReason);
  }
  return askForHead(transaction, project, headBranch);
}

function nothing(outcome: DeliveryResult['outcome'], reason: DeliveryReason | null): DeliveryResult {
  return { outcome, reason, deploymentId: null };
}
