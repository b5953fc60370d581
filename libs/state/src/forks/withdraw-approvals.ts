import { forkBranch, githubActor } from '@nexos/domain';
import type { Transaction } from '@nexos/database';
import { settleCommitOutcomes } from '../deliveries/settle-outcomes.js';
import { cancelDeployment } from '../deployments/transitions/cancel.js';
import { auditForkDecision } from './audit-decision.js';
import { isApproved } from './deploy-fork.js';
import type { Review } from './review.js';
import { recordWithdrawn, type Reviewed } from './transitions.js';

/**
 * Withdraws the approvals of a reviewer, or the one that was dismissed, also if it arrives later. Builds of their commits that
 * have not begun are cancelled, unless somebody else has approved the commit too.
 */
export async function withdrawApprovals(
  transaction: Transaction,
  reviewed: Reviewed,
  review: Review,
): Promise<void> {
  const { repositoryId, number } = reviewed;
  const { commitSha, reviewerLogin } = review;
  if (await hasApproved(transaction, review, reviewed)) {
    await auditForkDecision(transaction, 'fork.withdraw', { repositoryId, number, commitSha, reviewerLogin });
  }
  for (const sha of await recordWithdrawn(transaction, review, reviewed)) {
    const commit = { repositoryId, number, sha };
    if (!(await isApproved(transaction, commit))) await stop(transaction, commit, review.reviewerLogin);
  }
}

/** Returns whether the reviewer has an approval that this review withdraws. */
async function hasApproved(
  { manager }: Transaction,
  { id, reviewerId }: Review,
  { repositoryId, number }: Reviewed,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM fork_approvals
     WHERE repository_id = $1 AND number = $2 AND reviewer_id = $3 AND review_id <= $4 AND status IN ('granted', 'pending')
     LIMIT 1`,
    [repositoryId, number, reviewerId, id],
  );
  return rows.length > 0;
}

/** Cancels builds that have not begun, and ends the deliveries that wait for an answer. */
async function stop(
  transaction: Transaction,
  { repositoryId, number, sha }: { repositoryId: string; number: number; sha: string },
  login: string,
): Promise<void> {
  const branch = forkBranch(number);
  const rows = await transaction.manager.query<
    { projectId: string; id: string | null; environmentId: string }[]
  >(
    `SELECT project.id AS "projectId", deployment.id, deployment.environment_id AS "environmentId"
     FROM projects project LEFT JOIN deployments deployment ON deployment.project_id = project.id
       AND deployment.branch = $2 AND deployment.commit_sha = $3 AND deployment.status = 'queued'
     WHERE project.repository_id = $1 ORDER BY project.id`,
    [repositoryId, branch, sha],
  );
  const cause = { actor: githubActor(login), reason: 'approval_withdrawn' } as const;
  const result = { outcome: 'ignored', reason: 'approval_withdrawn', deploymentId: null } as const;
  for (const { projectId, id, environmentId } of rows) {
    if (id !== null) await cancelDeployment(transaction, id, environmentId, cause, ['queued']);
    else await settleCommitOutcomes(transaction, { projectId, branch, commitSha: sha, result });
  }
}
