import { type AccountEntity, type GithubInstallationEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { auditLinks, type InstallationLink } from '../installations/audit-links.js';
import { type InstallationOwnerRow, noteInstallation } from '../installations/transitions.js';

/** The account that somebody acts with on GitHub. */
export type InstallationUser = Pick<AccountEntity, 'id' | 'githubId' | 'isOperator'>;

/** An installation of the App as the API shows it. */
export type InstallationView = Pick<
  GithubInstallationEntity,
  'id' | 'ownerLogin' | 'ownerType' | 'status' | 'repositorySelection'
>;

/** An installation that GitHub lists for a user. */
export interface ListedInstallation {
  readonly id: string;
  /** Null if GitHub does not tell. */
  readonly owner: InstallationOwnerRow | null;
}

/** A part of a list that is sorted by GitHub's numeric ids, newest first. */
export interface NumericPage {
  readonly limit: number;
  /** The last id of the previous part; null for the first one. */
  readonly before: string | null;
}

/**
 * Selects the installations of an account by the parameters `$1` (account), `$2` (GitHub's id of its user, or null) and
 * `$3` (whether it has all of them): those that GitHub listed at sign-in, and those of the user. In lists, a link
 * shows only that an installation exists; each repository is checked on its own. `settleConnections` also lets a project follow its
 * repository to a linked installation.
 */
export const IS_OF_ACCOUNT = `($3::boolean OR installation.owner_id = $2::bigint OR EXISTS (
  SELECT 1 FROM account_installations link WHERE link.account_id = $1 AND link.installation_id = installation.id))`;

/** Returns the parameters of `IS_OF_ACCOUNT`. Operators who do not sign in with GitHub run the App: all are theirs. */
export function ofAccount({ id, githubId, isOperator }: InstallationUser): [string, string | null, boolean] {
  return [id, githubId, isOperator && githubId === null];
}

/** Which installations of the GitHub App accounts can use. */
@Injectable()
export class AccountInstallationsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns installations of an account, newest first, plus one extra row if there is a next page. */
  page(user: InstallationUser, { limit, before }: NumericPage): Promise<InstallationView[]> {
    return this.unitOfWork.manager.query<InstallationView[]>(
      `SELECT id, owner_login AS "ownerLogin", owner_type AS "ownerType", status,
         repository_selection AS "repositorySelection"
       FROM github_installations installation
       WHERE ${IS_OF_ACCOUNT} AND ($4::bigint IS NULL OR id < $4)
       ORDER BY id DESC LIMIT $5`,
      [...ofAccount(user), before, limit + 1],
    );
  }

  /**
   * Replaces the installations that GitHub lists for an account's user. One that is new here is noted, so that GitHub is
   * asked about it and its repositories: its event may be missed, or the App may have no webhook.
   *
   * @param actor who signed in, for the audit log
   */
  async replace(accountId: string, listed: readonly ListedInstallation[], actor: string): Promise<void> {
    const installationIds = listed.map(({ id }) => id);
    await this.unitOfWork.run(async (transaction) => {
      const { manager } = transaction;
      const known = await manager.query<{ id: string }[]>(
        'SELECT id FROM github_installations WHERE id = ANY($1::bigint[])',
        [installationIds],
      );
      const knownIds = new Set(known.map(({ id }) => id));
      for (const { id, owner } of listed) {
        if (owner !== null && !knownIds.has(id)) await noteInstallation(transaction, id, owner);
      }
      const [unlinked] = await manager.query<[InstallationLink[], number]>(
        `DELETE FROM account_installations WHERE account_id = $1 AND installation_id <> ALL($2::bigint[])
         RETURNING account_id AS "accountId", installation_id AS "installationId"`,
        [accountId, installationIds],
      );
      const linked = await manager.query<InstallationLink[]>(
        `INSERT INTO account_installations (account_id, installation_id)
         SELECT $1, id FROM unnest($2::bigint[]) AS given (id) ON CONFLICT DO NOTHING
         RETURNING account_id AS "accountId", installation_id AS "installationId"`,
        [accountId, installationIds],
      );
      await auditLinks(transaction, 'installation.unlink', unlinked, actor);
      await auditLinks(transaction, 'installation.link', linked, actor);
    });
  }
}
