import { type DeliveryReason, type DeliveryResult, githubActor } from '@nexos/domain';
import type { ProjectEntity, Transaction } from '@nexos/database';
import type { PullRequestChange } from '../pull-requests/record-pull-request.js';
import { deployFork } from './deploy-fork.js';
import type { Review, ReviewSource } from './review.js';
import { recordApproval } from './transitions.js';
import { withdrawApprovals } from './withdraw-approvals.js';

/**
 * Applies a review of a fork's pull request to a project. An approval of its newest commit counts once GitHub has said that the
 * reviewer has write access, which nobody waits for here. Call it with the project locked and active.
 */
export async function applyReview(
  transaction: Transaction,
  project: ProjectEntity,
  review: Review,
  { pullRequest, repositoryId }: PullRequestChange,
  source: ReviewSource,
  baseDomain: string,
): Promise<DeliveryResult> {
  if (repositoryId === null) return nothing('ignored', 'own_webhook');
  const { number } = pullRequest;
  if (review.verdict === 'withdrawn') {
    await withdrawApprovals(transaction, { ...source, repositoryId, number }, review);
    return nothing('ignored', 'approval_withdrawn');
  }
  if (project.pullRequestForks !== 'approved') return nothing('skipped', 'fork');
  if (review.verdict === 'none') return nothing('ignored', 'not_approved');
  if (pullRequest.state !== 'open' || pullRequest.headSha !== review.commitSha)
    return nothing('ignored', 'older');
  const approval = await recordApproval(transaction, review, { ...source, repositoryId, number });
  switch (approval.status) {
    case 'withdrawn':
      return nothing('ignored', 'approval_withdrawn');
    case 'granted': {
      const cause = { actor: githubActor(review.reviewerLogin), reason: 'pull_request_approved' } as const;
      const commit = { repositoryId, number, sha: review.commitSha };
      return deployFork(transaction, project, commit, { trigger: 'push', cause }, baseDomain);
    }
    default:
      transaction.enqueue({
        queue: 'branches',
        name: 'check-approval',
        payload: { approvalId: approval.id },
      });
      return { outcome: 'in-doubt', reason: 'approval', deploymentId: null };
  }
}

function nothing(outcome: 'ignored' | 'skipped', reason: DeliveryReason): DeliveryResult {
  return { outcome, reason, deploymentId: null };
}
