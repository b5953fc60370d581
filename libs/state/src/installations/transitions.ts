import { affected, type InstallationStatus, type Transaction } from '@nexos/database';
import type { EntityManager } from 'typeorm';

/** The user or organization that the App is installed on. */
export interface InstallationOwnerRow {
  readonly id: string;
  readonly login: string;
  readonly type: string;
}

/** An installation as an event or an answer of GitHub describes it. */
export interface DescribedInstallation {
  readonly id: string;
  readonly owner: InstallationOwnerRow;
  readonly selection: 'all' | 'selected';
  readonly status: InstallationStatus;
  readonly updatedAt: Date;
}

/** An installation as it was when GitHub was asked about all of them. */
export interface KnownInstallation {
  readonly id: string;
  readonly status: InstallationStatus;
  /** Changes with everything that is learned about it. */
  readonly version: string;
}

/** SQL: the version of a known installation. */
export const VERSION = `changed_at::text || ' ' || seq || ' ' || status`;

/** Notes an installation that no event has told of, so that GitHub is asked about it. */
export async function noteInstallation(
  { manager }: Transaction,
  id: string,
  owner: InstallationOwnerRow,
): Promise<void> {
  const updatedAt = new Date(0);
  await insertInstallation(manager, { id, owner, selection: 'selected', status: 'active', updatedAt });
}

/** Adds an installation as GitHub describes it, unless it is known. */
export async function insertInstallation(
  manager: EntityManager,
  { id, owner, selection, status, updatedAt }: DescribedInstallation,
): Promise<void> {
  await manager.query(
    `INSERT INTO github_installations (id, owner_id, owner_login, owner_type, repository_selection, status, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [id, owner.id, owner.login, owner.type, selection, status, updatedAt],
  );
}

/**
 * Records what an event says about an installation, unless a later one is known. One that was removed does not come back.
 *
 * @returns whether no later event was known
 */
export async function recordTold(
  { manager }: Transaction,
  { id, owner, selection, status, updatedAt }: DescribedInstallation,
  seq: string,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `INSERT INTO github_installations AS known (id, owner_id, owner_login, owner_type, repository_selection, status,
       changed_at, seq)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (id) DO UPDATE SET owner_id = excluded.owner_id, owner_login = excluded.owner_login,
       owner_type = excluded.owner_type, repository_selection = excluded.repository_selection,
       status = excluded.status, changed_at = excluded.changed_at, seq = excluded.seq
     WHERE known.status <> 'removed' AND (excluded.changed_at, excluded.seq) >= (known.changed_at, known.seq)
     RETURNING id`,
    [id, owner.id, owner.login, owner.type, selection, status, updatedAt, seq],
  );
  return rows.length > 0;
}

/** Records GitHub's answer about an installation. Call it with the claim of the installation checked and its row locked. */
export async function recordFound(
  { manager }: Transaction,
  { id, owner, selection, status, updatedAt }: DescribedInstallation,
): Promise<void> {
  await manager.query(
    `UPDATE github_installations SET owner_id = $2, owner_login = $3, owner_type = $4, repository_selection = $5,
       status = $6, changed_at = greatest(changed_at, $7::timestamptz)
     WHERE id = $1`,
    [id, owner.id, owner.login, owner.type, selection, status, updatedAt],
  );
}

/** Records that an installation has just given access to a repository. Call it with its row locked. */
export async function recordActive({ manager }: Transaction, id: string): Promise<void> {
  await manager.query(`UPDATE github_installations SET status = 'active' WHERE id = $1`, [id]);
}

/** Records that GitHub has no such installation. Call it as `recordFound`. */
export async function recordRemoved({ manager }: Transaction, id: string): Promise<void> {
  await manager.query(
    `UPDATE github_installations SET status = 'removed', changed_at = now() WHERE id = $1`,
    [id],
  );
}

/** Has an installation that was removed be active again, and GitHub asked about it soon, unless more was learned since. */
export async function reinstate(
  manager: EntityManager,
  { id, version }: KnownInstallation,
): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE github_installations SET list_at = least(list_at, now()), status = 'active'
       WHERE id = $1 AND ${VERSION} = $2`,
      [id, version],
    ),
  );
}
