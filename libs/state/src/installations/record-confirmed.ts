import { type InstallationStatus, type Transaction } from '@nexos/database';
import { retryGivenUpReports } from '../github-reports/retry-given-up-reports.js';
import { recordActive } from './transitions.js';

/** A repository as GitHub described it when it was asked whether an account may use it. */
export interface ConfirmedRepository {
  readonly id: string;
  /** The installation that gives access to it, which is active. */
  readonly installationId: string;
  /** `owner/name` */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
}

interface KnownInstallation {
  readonly id: string;
  readonly status: InstallationStatus;
  readonly hasIt: boolean;
}

/**
 * Records where GitHub has just said that a repository is, unless that is known: an earlier list of the installation's
 * repositories does not have it, and would pause the project. GitHub is then asked about the installation soon, since an
 * event may have told more meanwhile. Call it with the project locked.
 */
export async function recordConfirmed(
  transaction: Transaction,
  { id, installationId, name, isPrivate, defaultBranch }: ConfirmedRepository,
): Promise<void> {
  const { manager } = transaction;
  // Locks them before the repository, as a listing does.
  const known = await manager.query<KnownInstallation[]>(
    `SELECT id, status, id = (SELECT installation_id FROM github_repositories WHERE id = $2) AS "hasIt"
     FROM github_installations
     WHERE id = $1 OR id IN (SELECT installation_id FROM github_repositories WHERE id = $2)
     ORDER BY id FOR NO KEY UPDATE`,
    [installationId, id],
  );
  const own = known.find((one) => one.id === installationId);
  if (own === undefined || (own.status === 'active' && own.hasIt)) return;
  await recordActive(transaction, installationId);
  // The listing that follows does not see that it was suspended.
  if (own.status !== 'active') await retryGivenUpReports(transaction, installationId);
  await manager.query('UPDATE github_installations SET list_at = now() WHERE id = ANY($1::bigint[])', [
    known.map((one) => one.id),
  ]);
  await manager.query(
    `INSERT INTO github_repositories (id, installation_id, name, name_key, is_private, default_branch)
     VALUES ($1, $2, $3, lower($3), $4, $5)
     ON CONFLICT (id) DO UPDATE SET installation_id = excluded.installation_id, name = excluded.name,
       name_key = excluded.name_key, is_private = excluded.is_private, default_branch = excluded.default_branch,
       seen_at = now()`,
    [id, installationId, name, isPrivate, defaultBranch],
  );
}
