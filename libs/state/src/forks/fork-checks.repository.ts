import { NO_COMMIT, systemCause } from '@nexos/domain';
import { ProjectEntity, type Transaction, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { destroyBranch } from '../branches/follow-branch.js';

/** An environment of a fork's pull request. */
export interface CheckedFork {
  readonly projectId: string;
  /** The name of the environment, such as `pull:5`. */
  readonly branch: string;
  /** `owner/name` */
  readonly repository: string;
  readonly repositoryId: string;
  readonly installationId: string;
  /** Since when GitHub says that the pull request is closed, though no webhook did. */
  readonly missingSince: Date | null;
  /** Whether that is longer than the grace period. */
  readonly isOverdue: boolean;
  /** Changes with each delivery about the pull request; null when none is known. */
  readonly deliverySeq: string | null;
}

/** Tracks which pull requests of forks GitHub says are closed, though no webhook did. */
@Injectable()
export class ForkChecksRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Returns the environments of forks of a repository, by number of the pull request.
   *
   * @param options.requiresConfirmation leaves out projects that GitHub has not confirmed, with whose installation nobody asks
   */
  live(
    repository: string,
    { graceMs, requiresConfirmation }: { graceMs: number; requiresConfirmation: boolean },
  ): Promise<CheckedFork[]> {
    return this.unitOfWork.manager.query<CheckedFork[]>(
      `SELECT project.id AS "projectId", environment.branch, project.github_repo AS repository,
         project.repository_id AS "repositoryId", project.installation_id AS "installationId",
         branch.missing_since AS "missingSince", pull.delivery_seq AS "deliverySeq",
         coalesce(branch.missing_since <= now() - make_interval(secs => $2 / 1000.0), false) AS "isOverdue"
       FROM projects project JOIN environments environment ON environment.project_id = project.id
       LEFT JOIN branches branch ON branch.project_id = project.id AND branch.name = environment.branch
       LEFT JOIN pull_requests pull ON pull.project_id = '' AND pull.repository_id = project.repository_id
         AND environment.branch = 'pull:' || pull.number
       WHERE project.repository_key = $1 AND project.status = 'active' AND project.paused_reason IS NULL
         AND project.installation_id IS NOT NULL AND project.repository_id IS NOT NULL
         AND (NOT $3 OR project.access_checked_at IS NOT NULL OR project.predates_access_checks)
         AND environment.status NOT IN ('destroying', 'destroyed') AND environment.branch LIKE 'pull:%'
       ORDER BY environment.branch, project.id`,
      [repository, graceMs, requiresConfirmation],
    );
  }

  /** Records whether GitHub says that the pull request is closed. */
  async recordClosed({ projectId, branch }: CheckedFork, isClosed: boolean): Promise<void> {
    await this.unitOfWork.manager.query(
      `INSERT INTO branches AS known (project_id, name, head_sha, before_sha, missing_since)
       VALUES ($1, $2, $3, $3, CASE WHEN $4 THEN now() END)
       ON CONFLICT (project_id, name) DO UPDATE
         SET missing_since = CASE WHEN $4 THEN coalesce(known.missing_since, now()) END`,
      [projectId, branch, NO_COMMIT, isClosed],
    );
  }

  /**
   * Records that a pull request is closed, of which no webhook told, and destroys its environment.
   *
   * @returns false when a delivery about it came since it was read, or it has no environment any more
   */
  destroyClosed(fork: CheckedFork): Promise<boolean> {
    return this.unitOfWork.run(async (transaction) => {
      const { manager } = transaction;
      // Lock the project first, as deliveries do.
      const project = await manager.findOne(ProjectEntity, {
        where: { id: fork.projectId, status: 'active', repositoryId: fork.repositoryId },
        lock: { mode: 'pessimistic_read' },
      });
      if (project === null || !(await isUnchanged(transaction, fork))) return false;
      return destroyBranch(transaction, project.id, fork.branch, systemCause('pull_request_closed'));
    });
  }
}

/** Marks the pull request as closed, unless a delivery about it has come, or a deployment, since it was read. */
async function isUnchanged(
  { manager }: Transaction,
  { projectId, branch, repositoryId, missingSince, deliverySeq }: CheckedFork,
): Promise<boolean> {
  const [row] = await manager.query<{ missingSince: Date | null }[]>(
    'SELECT missing_since AS "missingSince" FROM branches WHERE project_id = $1 AND name = $2 FOR UPDATE',
    [projectId, branch],
  );
  if (row?.missingSince?.getTime() !== missingSince?.getTime()) return false;
  if (deliverySeq === null) return true;
  const [closed] = await manager.query<[unknown[], number]>(
    `UPDATE pull_requests SET state = 'closed'
     WHERE project_id = '' AND repository_id = $1 AND 'pull:' || number = $2 AND delivery_seq = $3 RETURNING number`,
    [repositoryId, branch, deliverySeq],
  );
  return closed.length > 0;
}
