import { type DeliveryResult, forkBranch, githubActor, isAccessConfirmed } from '@nexos/domain';
import { ForkApprovalEntity, ProjectEntity, type Transaction, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { settleCommitOutcomes } from '../deliveries/settle-outcomes.js';
import { auditForkDecision } from './audit-decision.js';
import { deployFork } from './deploy-fork.js';
import { answerApproval } from './transitions.js';

/** An approval that GitHub is asked about. */
export type PendingApproval = Pick<
  ForkApprovalEntity,
  | 'id'
  | 'repositoryId'
  | 'repository'
  | 'installationId'
  | 'number'
  | 'commitSha'
  | 'reviewerId'
  | 'reviewerLogin'
  | 'failures'
>;

/** Approvals of commits of forks, which count once GitHub has said that the reviewer has write access. */
@Injectable()
export class ForkApprovalsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Claims an approval that is due to be asked about, for a while. */
  async claim(id: string, leaseMs: number): Promise<PendingApproval | null> {
    const [rows] = await this.unitOfWork.manager.query<[PendingApproval[], number]>(
      `UPDATE fork_approvals SET next_at = now() + make_interval(secs => $2 / 1000.0)
       WHERE id = $1 AND status = 'pending' AND next_at <= now()
       RETURNING id, repository_id AS "repositoryId", repository, installation_id AS "installationId", number,
         commit_sha AS "commitSha", reviewer_id AS "reviewerId", reviewer_login AS "reviewerLogin", failures`,
      [id, leaseMs],
    );
    return rows[0] ?? null;
  }

  /** Finds approvals to ask about, longest due first. */
  async findDue(limit: number): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      `SELECT id FROM fork_approvals WHERE status = 'pending' AND next_at <= now() ORDER BY next_at LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Records that GitHub did not answer. The approval does not count until it does. */
  async recordFailed({ id }: PendingApproval, error: string, nextInMs: number): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE fork_approvals SET failures = failures + 1, error = $2, updated_at = now(),
         next_at = now() + make_interval(secs => $3 / 1000.0)
       WHERE id = $1 AND status = 'pending'`,
      [id, error, nextInMs],
    );
  }

  /** Ends an approval of somebody without write access, or one that GitHub never answered about. */
  async deny(transaction: Transaction, approval: PendingApproval, error: string | null): Promise<void> {
    const result = { outcome: 'ignored', reason: 'not_approved', deploymentId: null } as const;
    const projects = await this.lockProjects(transaction, approval);
    if (!(await answerApproval(transaction, approval.id, 'denied', error))) return;
    await auditForkDecision(transaction, 'fork.deny', approval);
    if (await this.isAnotherPending(transaction, approval)) return;
    for (const { id } of projects) await settleDelivery(transaction, id, approval, result);
  }

  /**
   * Has an approval count, and deploys its commit if it is still the newest.
   *
   * @param options.requiresConfirmation deploys nothing of a repository that is not known to be public for projects that
   *   GitHub has not confirmed
   */
  async grant(
    transaction: Transaction,
    approval: PendingApproval,
    { baseDomain, requiresConfirmation }: { baseDomain: string; requiresConfirmation: boolean },
  ): Promise<void> {
    const projects = await this.lockProjects(transaction, approval);
    const isOpen = !requiresConfirmation || (await isPublic(transaction, approval));
    if (!(await answerApproval(transaction, approval.id, 'granted', null))) return;
    await auditForkDecision(transaction, 'fork.approve', approval);
    const { repositoryId, number, commitSha: sha, reviewerLogin } = approval;
    const cause = { actor: githubActor(reviewerLogin), reason: 'pull_request_approved' } as const;
    for (const project of projects) {
      if (!isOpen && !isAccessConfirmed(project)) continue;
      const commit = { repositoryId, number, sha };
      const result = await deployFork(transaction, project, commit, { trigger: 'push', cause }, baseDomain);
      await settleDelivery(transaction, project.id, approval, result);
    }
  }

  /** Returns whether another approval of the commit waits, by which its deliveries will be settled. */
  private async isAnotherPending({ manager }: Transaction, approval: PendingApproval): Promise<boolean> {
    const { repositoryId, number, commitSha } = approval;
    return manager.existsBy(ForkApprovalEntity, { repositoryId, number, commitSha, status: 'pending' });
  }

  /** Locks the projects first, as deliveries do. */
  private lockProjects(
    { manager }: Transaction,
    { repositoryId, repository }: PendingApproval,
  ): Promise<ProjectEntity[]> {
    return manager
      .createQueryBuilder(ProjectEntity, 'project')
      .where(`project.status = 'active'`)
      .andWhere(
        '(project.repositoryId = :repositoryId OR project.repositoryId IS NULL AND project.repositoryKey = :key)',
        { repositoryId, key: repository.toLowerCase() },
      )
      .orderBy('project.id')
      .setLock('for_no_key_update')
      .getMany();
  }
}

async function isPublic({ manager }: Transaction, { repositoryId }: PendingApproval): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    'SELECT 1 FROM github_repositories WHERE id = $1 AND NOT is_private',
    [repositoryId],
  );
  return rows.length > 0;
}

function settleDelivery(
  transaction: Transaction,
  projectId: string,
  { number, commitSha }: PendingApproval,
  result: DeliveryResult,
): Promise<void> {
  return settleCommitOutcomes(transaction, { projectId, branch: forkBranch(number), commitSha, result });
}
