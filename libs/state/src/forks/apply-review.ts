import { type DeliveryReason, type DeliveryResult, githubActor } from '@nexos/domain';
import type { ForkApprovalStatus, ProjectEntity, Transaction } from '@nexos/database';
import type { PullRequestChange } from '../pull-requests/record-pull-request.js';
import { deployFork } from './deploy-fork.js';
import type { Review, ReviewSource } from './review.js';
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

/**
 * Records an approval that GitHub is to be asked about, unless it is known, or its author has withdrawn it in a later review. One
 * that was denied is asked about again.
 */
async function recordApproval(
  { manager }: Transaction,
  review: Review,
  source: ReviewSource & { readonly repositoryId: string; readonly number: number },
): Promise<{ id: string; status: ForkApprovalStatus }> {
  const [row] = await manager.query<{ id: string; status: ForkApprovalStatus }[]>(
    `INSERT INTO fork_approvals AS known (repository_id, repository, installation_id, review_id, number, commit_sha,
       reviewer_id, reviewer_login, status)
     SELECT $1::bigint, $2, $3::bigint, $4::bigint, $5::integer, $6, $7::bigint, $8, CASE WHEN EXISTS (
       SELECT 1 FROM fork_approvals WHERE repository_id = $1 AND number = $5 AND reviewer_id = $7 AND review_id > $4
         AND status = 'withdrawn') THEN 'withdrawn' ELSE 'pending' END
     ON CONFLICT (repository_id, review_id) DO UPDATE SET
       status = CASE WHEN known.status = 'denied' THEN 'pending' ELSE known.status END,
       failures = 0, next_at = now(), updated_at = now()
     RETURNING id, status`,
    [
      source.repositoryId,
      source.repository,
      source.installationId,
      review.id,
      source.number,
      review.commitSha,
      review.reviewerId,
      review.reviewerLogin,
    ],
  );
  if (row === undefined) throw new Error(`the approval ${review.id} was neither found nor inserted`);
  return row;
}

function nothing(outcome: 'ignored' | 'skipped', reason: DeliveryReason): DeliveryResult {
  return { outcome, reason, deploymentId: null };
}
