import { type AccessConfirmation, GITHUB_ACTOR, isAccessConfirmed, SYSTEM_ACTOR } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import {
  askAboutRepository,
  type PausableProject,
  type PauseChange,
  pauseDeploys,
  resumeDeploys,
} from './pause-deploys.js';

/** Whose access the Git host was asked with. */
export interface AskedRepository extends AccessConfirmation {
  /** `owner/name` in lower case. */
  readonly repositoryKey: string;
  /** The installation whose token was used; null without one. */
  readonly installationId: string | null;
}

const COLUMNS = `id, repository_key AS "repositoryKey", paused_reason AS "pausedReason"`;

/** Pauses the projects of a repository that the Git host denied access to, with the access that they have. */
export async function pauseDenied(
  transaction: Transaction,
  { repositoryKey, installationId, ...asked }: AskedRepository,
): Promise<PauseChange[]> {
  const projects = await transaction.manager.query<PausableProject[]>(
    `SELECT ${COLUMNS} FROM projects
     WHERE repository_key = $1 AND installation_id IS NOT DISTINCT FROM $2 AND status = 'active' AND paused_reason IS NULL
       AND (access_checked_at IS NOT NULL OR predates_access_checks) = $3
     ORDER BY id FOR NO KEY UPDATE`,
    [repositoryKey, installationId, isAccessConfirmed(asked)],
  );
  const changes: PauseChange[] = [];
  for (const project of projects) {
    const change = await pauseDeploys(transaction, project, 'repository_inaccessible', SYSTEM_ACTOR);
    if (change !== null) changes.push(change);
  }
  return changes;
}

/**
 * Resumes the projects of a repository that the Git host gives access to again: those with the installation that it was asked
 * with, and those without one, which are not asked while another project of the repository has one. A project stays paused if its repository
 * is known to be another one than that which has the name now.
 *
 * @param isConfirmed whether only projects that GitHub confirmed had the access, or only the others; null: all
 */
export async function resumeAccessible(
  transaction: Transaction,
  { repositoryKey, installationId }: Pick<AskedRepository, 'repositoryKey' | 'installationId'>,
  isConfirmed: boolean | null,
): Promise<PauseChange[]> {
  const projects = await transaction.manager.query<PausableProject[]>(
    `SELECT ${COLUMNS} FROM projects project
     WHERE repository_key = $1 AND (installation_id IS NULL OR installation_id = $2) AND status = 'active'
       AND paused_reason = 'repository_inaccessible'
       AND ($3::boolean IS NULL OR (access_checked_at IS NOT NULL OR predates_access_checks) = $3)
       AND NOT EXISTS (SELECT 1 FROM github_repositories other
                       WHERE other.name_key = project.repository_key AND other.id <> project.repository_id)
     ORDER BY id FOR NO KEY UPDATE`,
    [repositoryKey, installationId, isConfirmed],
  );
  const changes: PauseChange[] = [];
  for (const project of projects) {
    const change = await resumeDeploys(transaction, project, SYSTEM_ACTOR);
    if (change !== null) changes.push(change);
  }
  return changes;
}

/**
 * Pauses the projects of a repository that GitHub says is deleted, and has the Git host asked, in case that is no longer
 * so. Call it with the projects locked.
 */
export async function pauseDeleted(
  transaction: Transaction,
  projects: readonly PausableProject[],
): Promise<PauseChange[]> {
  const changes: PauseChange[] = [];
  for (const project of projects) {
    const change = await pauseDeploys(transaction, project, 'repository_inaccessible', GITHUB_ACTOR);
    if (change === null) continue;
    changes.push(change);
    await askAboutRepository(transaction, project);
  }
  return changes;
}
