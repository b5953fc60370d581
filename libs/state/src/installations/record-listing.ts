import { type InstallationStatus, type ProjectEntity, type Transaction } from '@nexos/database';
import { retryGivenUpReports } from '../github-reports/retry-given-up-reports.js';
import { followListedName } from '../projects/follow-repository.js';
import type { PauseChange } from '../projects/pause-deploys.js';
import { forgetAccess, lockProjectsOf } from './record-installation.js';
import { type ConnectionRule, settleConnections } from './settle-connections.js';
import { type DescribedInstallation, recordFound, recordRemoved } from './transitions.js';

/** The claim of a worker that asks GitHub about an installation. An event ends it, since the answer may be older. */
export interface InstallationClaim {
  readonly installationId: string;
  /** Changes whenever the claim is extended. */
  readonly until: string;
}

/** An installation as GitHub answers. */
export interface FoundInstallation extends DescribedInstallation {
  readonly status: Exclude<InstallationStatus, 'removed'>;
}

/** A repository as GitHub lists it. */
export interface FoundRepository {
  readonly id: string;
  /** `owner/name` */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string | null;
  readonly updatedAt: Date | null;
}

/** GitHub's answer. */
export interface Listing {
  /** Null when GitHub has no such installation. */
  readonly found: FoundInstallation | null;
  /** All that it gives access to; null when they are not known. */
  readonly repositories: readonly FoundRepository[] | null;
}

/**
 * Records GitHub's answer about an installation, has projects follow their repositories to other names, and settles them.
 *
 * @returns null, without changing anything, when the claim is over: an event may know better
 */
export async function recordListing(
  transaction: Transaction,
  { installationId, until }: InstallationClaim,
  { found, repositories }: Listing,
  rule: ConnectionRule,
): Promise<PauseChange[] | null> {
  const { manager } = transaction;
  const concerned = await lockProjectsOf(transaction, installationId, repositories ?? []);
  const [claimed] = await manager.query<{ status: InstallationStatus }[]>(
    'SELECT status FROM github_installations WHERE id = $1 AND list_at::text = $2 FOR NO KEY UPDATE',
    [installationId, until],
  );
  if (claimed === undefined) return null;
  if (found === null) {
    await recordRemoved(transaction, installationId);
    await forgetAccess(transaction, installationId);
  } else await recordFound(transaction, found);
  if (found !== null && repositories !== null) {
    await replaceRepositories(transaction, installationId, repositories);
    await followNames(transaction, concerned, repositories, rule);
  }
  const changes = await settleConnections(transaction, concerned, rule);
  const isBack = claimed.status === 'suspended' && found?.status === 'active';
  if (isBack) await retryGivenUpReports(transaction, installationId);
  return changes;
}

async function replaceRepositories(
  { manager }: Transaction,
  installationId: string,
  repositories: readonly FoundRepository[],
): Promise<void> {
  const ids = repositories.map(({ id }) => id);
  await manager.query(
    'DELETE FROM github_repositories WHERE installation_id = $1 AND id <> ALL($2::bigint[])',
    [installationId, ids],
  );
  await manager.query(
    `INSERT INTO github_repositories AS known (id, installation_id, name, name_key, is_private, default_branch, changed_at)
     SELECT id, $1, name, lower(name), is_private, default_branch, changed_at
     FROM unnest($2::bigint[], $3::text[], $4::boolean[], $5::text[], $6::timestamptz[])
       AS found (id, name, is_private, default_branch, changed_at)
     ORDER BY id
     ON CONFLICT (id) DO UPDATE SET installation_id = excluded.installation_id, name = excluded.name,
       name_key = excluded.name_key, is_private = excluded.is_private,
       default_branch = CASE WHEN known.changed_at > excluded.changed_at THEN known.default_branch
         ELSE excluded.default_branch END,
       changed_at = greatest(known.changed_at, excluded.changed_at), seen_at = now()`,
    [
      installationId,
      ids,
      repositories.map(({ name }) => name),
      repositories.map(({ isPrivate }) => isPrivate),
      repositories.map(({ defaultBranch }) => defaultBranch),
      repositories.map(({ updatedAt }) => updatedAt),
    ],
  );
  await manager.query('UPDATE github_installations SET listed_at = now() WHERE id = $1', [installationId]);
}

/**
 * A rename may have no event, such as one of the owner. The new name of a private repository is not for projects that GitHub has
 * yet to confirm.
 */
async function followNames(
  transaction: Transaction,
  projectIds: readonly string[],
  repositories: readonly FoundRepository[],
  { requiresConnection }: ConnectionRule,
): Promise<void> {
  const found = new Map(repositories.map((repository) => [repository.id, repository]));
  const projects = await transaction.manager.query<
    (Pick<ProjectEntity, 'id' | 'githubRepo' | 'repositoryKey' | 'repositoryId'> & { isConfirmed: boolean })[]
  >(
    `SELECT id, github_repo AS "githubRepo", repository_key AS "repositoryKey", repository_id AS "repositoryId",
       access_checked_at IS NOT NULL OR predates_access_checks AS "isConfirmed"
     FROM projects WHERE id = ANY($1) AND status = 'active' ORDER BY id`,
    [projectIds],
  );
  for (const project of projects) {
    const repository = project.repositoryId === null ? undefined : found.get(project.repositoryId);
    if (repository === undefined) continue;
    if (repository.isPrivate && requiresConnection && !project.isConfirmed) continue;
    await followListedName(transaction, project, repository.name);
  }
}
