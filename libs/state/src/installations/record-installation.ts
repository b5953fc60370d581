import { GITHUB_ACTOR } from '@nexos/domain';
import { type InstallationStatus, type Transaction } from '@nexos/database';
import { retryGivenUpReports } from '../github-reports/retry-given-up-reports.js';
import type { PauseChange } from '../projects/pause-deploys.js';
import { auditLinks, type InstallationLink } from './audit-links.js';
import { LIST_SOON } from './list-soon.js';
import { type ConnectionRule, settleConnections } from './settle-connections.js';
import { type InstallationOwnerRow, noteInstallation, recordTold } from './transitions.js';

/** A repository that an installation gives access to. */
export interface InstalledRepositoryRow {
  readonly id: string;
  /** `owner/name` */
  readonly name: string;
  readonly isPrivate: boolean;
}

/** What an event says about an installation. */
export interface ToldInstallation {
  readonly installationId: string;
  readonly owner: InstallationOwnerRow;
  /** Null when the event does not tell. */
  readonly selection: 'all' | 'selected' | null;
  /** Null when the event does not tell. */
  readonly status: InstallationStatus | null;
  /** Null when the event does not tell. */
  readonly updatedAt: Date | null;
  readonly added: readonly InstalledRepositoryRow[];
  readonly removed: readonly string[];
  /** GitHub's id of the user whose account has the installation from now on. */
  readonly installerId: string | null;
  /** Whether GitHub may accept what it refused before. */
  readonly isGranted: boolean;
  /** The order of receipt of the delivery. */
  readonly seq: string;
}

/** What an event changed. */
export interface InstallationResult {
  /** Whether no later event was known. Otherwise nothing has changed, but GitHub is asked. */
  readonly isNewest: boolean;
  readonly changes: readonly PauseChange[];
}

/**
 * Records what an event says about an installation and its repositories, unless a later event is known: by GitHub's time
 * of the change, then by the order of receipt. An installation that was removed does not come back by an event, since
 * another one has another id. In any case GitHub is asked soon, which ends every doubt. Call it with the installation locked.
 */
export async function recordInstallation(
  transaction: Transaction,
  told: ToldInstallation,
  rule: ConnectionRule,
): Promise<InstallationResult> {
  const { installationId, owner, status, updatedAt } = told;
  const concerned = await lockProjectsOf(transaction, installationId, told.added);
  const isNewest =
    status === null || updatedAt === null
      ? await recordOwner(transaction, told)
      : await recordTold(
          transaction,
          { id: installationId, owner, selection: told.selection ?? 'selected', status, updatedAt },
          told.seq,
        );
  await transaction.manager.query(
    `UPDATE github_installations SET list_at = ${LIST_SOON} WHERE id = $1 AND status <> 'removed'`,
    [installationId],
  );
  if (!isNewest) return { isNewest, changes: [] };
  if (status === 'removed') await forgetAccess(transaction, installationId);
  else await recordRepositories(transaction, told);
  if (told.installerId !== null) {
    const linked = await transaction.manager.query<InstallationLink[]>(
      `INSERT INTO account_installations (account_id, installation_id)
       SELECT id, $2 FROM accounts WHERE github_id = $1 ON CONFLICT DO NOTHING
       RETURNING account_id AS "accountId", installation_id AS "installationId"`,
      [told.installerId, installationId],
    );
    await auditLinks(transaction, 'installation.link', linked, GITHUB_ACTOR);
  }
  const settled = { actor: GITHUB_ACTOR, removed: told.removed };
  const changes = await settleConnections(transaction, concerned, rule, settled);
  if (told.isGranted) await retryGivenUpReports(transaction, installationId);
  return { isNewest, changes };
}

/**
 * Locks the active projects that have the installation, or one of its repositories, ordered by id. Everyone locks projects
 * before installations and repositories.
 */
export async function lockProjectsOf(
  { manager }: Transaction,
  installationId: string,
  repositories: readonly { readonly id: string }[],
): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM projects
     WHERE status = 'active' AND (installation_id = $1 OR repository_id = ANY($2::bigint[]) OR repository_id IN (
       SELECT id FROM github_repositories WHERE installation_id = $1))
     ORDER BY id FOR NO KEY UPDATE`,
    [installationId, repositories.map(({ id }) => id)],
  );
  return rows.map(({ id }) => id);
}

/** Records the owner's new login, which has no time of its own. */
async function recordOwner(
  transaction: Transaction,
  { installationId, owner, seq }: ToldInstallation,
): Promise<boolean> {
  await noteInstallation(transaction, installationId, owner);
  const [rows] = await transaction.manager.query<[unknown[], number]>(
    `UPDATE github_installations SET owner_login = $3, seq = $4
     WHERE id = $1 AND owner_id = $2 AND status <> 'removed' AND seq <= $4 RETURNING id`,
    [installationId, owner.id, owner.login, seq],
  );
  return rows.length > 0;
}

/** Deletes what a removed installation gave access to. */
export async function forgetAccess(transaction: Transaction, installationId: string): Promise<void> {
  const { manager } = transaction;
  await manager.query('DELETE FROM github_repositories WHERE installation_id = $1', [installationId]);
  const [unlinked] = await manager.query<[InstallationLink[], number]>(
    `DELETE FROM account_installations WHERE installation_id = $1
     RETURNING account_id AS "accountId", installation_id AS "installationId"`,
    [installationId],
  );
  await auditLinks(transaction, 'installation.unlink', unlinked, GITHUB_ACTOR);
}

async function recordRepositories(
  { manager }: Transaction,
  { installationId, added, removed }: ToldInstallation,
): Promise<void> {
  await manager.query(
    'DELETE FROM github_repositories WHERE installation_id = $1 AND id = ANY($2::bigint[])',
    [installationId, removed],
  );
  await manager.query(
    `INSERT INTO github_repositories (id, installation_id, name, name_key, is_private)
     SELECT DISTINCT ON (id) id, $1, name, lower(name), is_private
     FROM unnest($2::bigint[], $3::text[], $4::boolean[]) AS told (id, name, is_private)
     ON CONFLICT (id) DO UPDATE SET installation_id = excluded.installation_id, name = excluded.name,
       name_key = excluded.name_key, is_private = excluded.is_private, seen_at = now()`,
    [
      installationId,
      added.map(({ id }) => id),
      added.map(({ name }) => name),
      added.map(({ isPrivate }) => isPrivate),
    ],
  );
}
