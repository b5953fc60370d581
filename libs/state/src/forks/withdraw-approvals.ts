import { forkBranch, githubActor } from '@nexos/domain';
import type { Transaction } from '@nexos/database';
import { settleCommitOutcomes } from '../deliveries/settle-outcomes.js';
import { cancelDeployment } from '../deployments/transitions/cancel.js';
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
  for (const sha of await recordWithdrawn(transaction, review, reviewed)) {
    const commit = { repositoryId, number, sha };
    if (!(await isApproved(transaction, commit))) await stop(transaction, commit, review.reviewerLogin);
  }
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
