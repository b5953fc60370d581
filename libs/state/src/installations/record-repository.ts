import { type Transaction } from '@nexos/database';
import { LIST_SOON } from './list-soon.js';
import { type InstallationOwnerRow, noteInstallation } from './transitions.js';

/** What a delivery says about its repository. */
export interface ToldRepository {
  readonly id: string;
  /** `owner/name` */
  readonly name: string;
  readonly owner: InstallationOwnerRow;
  readonly isPrivate: boolean;
  readonly defaultBranch: string | null;
  readonly updatedAt: Date | null;
  /** The action of the event. */
  readonly action: string | null;
  /** The installation that the delivery came through; null for a webhook without the App. */
  readonly installationId: string | null;
  /** The order of receipt of the delivery. */
  readonly seq: string;
}

/**
 * Actions that change neither which repositories an installation has nor a name that projects follow. A script may cause
 * many of them.
 */
const COMPLETE: readonly (string | null)[] = ['edited', 'archived', 'unarchived'];

/**
 * Records what a `repository` event says, unless a later one is known: by GitHub's time of the change, then by the order
 * of receipt. The installations concerned are listed soon, unless the event alone says all that it changed. Call it with
 * the repository's projects locked.
 *
 * @returns whether no later event was known
 */
export async function recordRepository(transaction: Transaction, told: ToldRepository): Promise<boolean> {
  const { manager } = transaction;
  if (told.installationId !== null) await noteInstallation(transaction, told.installationId, told.owner);
  // Locks them before the repository, as a listing does.
  const concerned = await manager.query<{ id: string }[]>(
    `SELECT id FROM github_installations
     WHERE id = $1 OR id IN (SELECT installation_id FROM github_repositories WHERE id = $2)
     ORDER BY id FOR NO KEY UPDATE`,
    [told.installationId, told.id],
  );
  const [known] = await manager.query<{ isOlder: boolean }[]>(
    `SELECT coalesce((changed_at, seq) > ($2::timestamptz, $3::bigint), false) AS "isOlder"
     FROM github_repositories WHERE id = $1 FOR UPDATE`,
    [told.id, told.updatedAt, told.seq],
  );
  if (known === undefined || !COMPLETE.includes(told.action)) {
    await manager.query(
      `UPDATE github_installations SET list_at = ${LIST_SOON} WHERE status <> 'removed' AND id = ANY($1)`,
      [concerned.map(({ id }) => id)],
    );
  }
  if (known?.isOlder === true) return false;
  if (told.action === 'deleted') {
    await manager.query('DELETE FROM github_repositories WHERE id = $1', [told.id]);
    return true;
  }
  await forgetAtFormerOwner(transaction, told);
  await keep(transaction, told);
  return true;
}

/** A transferred repository is no longer in the installation of its former owner. */
async function forgetAtFormerOwner({ manager }: Transaction, { id, owner }: ToldRepository): Promise<void> {
  await manager.query(
    `DELETE FROM github_repositories known USING github_installations former
     WHERE known.id = $1 AND former.id = known.installation_id AND former.owner_id <> $2`,
    [id, owner.id],
  );
}

/** Whether an installation with selected repositories has it, only GitHub can say. */
async function keep({ manager }: Transaction, told: ToldRepository): Promise<void> {
  await manager.query(
    `INSERT INTO github_repositories (id, installation_id, name, name_key, is_private, default_branch, changed_at, seq)
     SELECT $1, installation.id, $3, lower($3), $4, $5, $6, $7 FROM github_installations installation
     WHERE (installation.id = $2 AND installation.owner_id = $8 AND installation.status <> 'removed'
         AND installation.repository_selection = 'all')
       OR installation.id = (SELECT installation_id FROM github_repositories WHERE id = $1)
     ORDER BY installation.id = $2 DESC LIMIT 1
     ON CONFLICT (id) DO UPDATE SET installation_id = excluded.installation_id, name = excluded.name,
       name_key = excluded.name_key, is_private = excluded.is_private,
       default_branch = coalesce(excluded.default_branch, github_repositories.default_branch),
       changed_at = excluded.changed_at, seq = excluded.seq, seen_at = now()`,
    [
      told.id,
      told.installationId,
      told.name,
      told.isPrivate,
      told.defaultBranch,
      told.updatedAt,
      told.seq,
      told.owner.id,
    ],
  );
}
