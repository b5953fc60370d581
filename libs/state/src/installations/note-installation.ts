import { type Transaction } from '@nexos/database';

/** The user or organization that the App is installed on. */
export interface InstallationOwnerRow {
  readonly id: string;
  readonly login: string;
  readonly type: string;
}

/** Notes an installation that no event has told of, so that GitHub is asked about it. */
export async function noteInstallation(
  { manager }: Transaction,
  installationId: string,
  { id, login, type }: InstallationOwnerRow,
): Promise<void> {
  await manager.query(
    `INSERT INTO github_installations (id, owner_id, owner_login, owner_type, repository_selection, status, changed_at)
     VALUES ($1, $2, $3, $4, 'selected', 'active', to_timestamp(0)) ON CONFLICT DO NOTHING`,
    [installationId, id, login, type],
  );
}
