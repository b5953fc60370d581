import { type AuditAction, githubActor } from '@nexos/domain';
import type { Transaction } from '@nexos/database';
import { recordAudit } from '../audit/record-audit.js';

/** Who decided about a commit of a fork's pull request. */
interface Decision {
  readonly repositoryId: string;
  readonly number: number;
  readonly commitSha: string;
  readonly reviewerLogin: string;
}

/** Records a decision about a fork in the log of each project that deploys approved forks of the repository. */
export async function auditForkDecision(
  transaction: Transaction,
  action: AuditAction & `fork.${string}`,
  { repositoryId, number, commitSha, reviewerLogin }: Decision,
): Promise<void> {
  const projects = await transaction.manager.query<{ projectId: string; accountId: string }[]>(
    `SELECT id AS "projectId", account_id AS "accountId" FROM projects
     WHERE status = 'active' AND repository_id = $1 AND pull_request_forks = 'approved' ORDER BY id`,
    [repositoryId],
  );
  const after = { pull_request: number, commit_sha: commitSha };
  const actor = githubActor(reviewerLogin);
  for (const { projectId, accountId } of projects) {
    await recordAudit(transaction, { action, subject: projectId, projectId, accountId, actor, after });
  }
}
