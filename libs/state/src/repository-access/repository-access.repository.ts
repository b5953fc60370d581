import { UnitOfWork } from '@nexos/database';
import { type RepositoryPermission } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import {
  type InstallationUser,
  IS_OF_ACCOUNT,
  type NumericPage,
  ofAccount,
} from './account-installations.repository.js';

/** How long an answer of GitHub about a user's access is believed. */
const FRESH = `interval '10 minutes'`;

/** A repository of an installation that an account can use. */
export interface RepositoryCandidate {
  readonly id: string;
  readonly installationId: string;
  /** `owner/name` */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string | null;
  /** What GitHub answered about the account's user within ten minutes; null if nobody asked. */
  readonly permission: RepositoryPermission | null;
}

/** A project that uses a repository. */
export interface RepositoryUse {
  readonly repositoryId: string;
  readonly id: string;
  readonly name: string;
  readonly slug: string;
}

/** What GitHub answered about the access of accounts to repositories. */
@Injectable()
export class RepositoryAccessRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Returns repositories of an account's active installations, newest first. The account's user may have no access to
   * some of them.
   *
   * @param query only those whose name contains it; case-insensitive
   */
  candidates(
    user: InstallationUser,
    query: string,
    { limit, before }: NumericPage,
  ): Promise<RepositoryCandidate[]> {
    return this.unitOfWork.manager.query<RepositoryCandidate[]>(
      `SELECT repository.id, repository.installation_id AS "installationId", repository.name,
         repository.is_private AS "isPrivate", repository.default_branch AS "defaultBranch", access.permission
       FROM github_repositories repository
       JOIN github_installations installation ON installation.id = repository.installation_id
       LEFT JOIN repository_access access ON access.account_id = $1 AND access.repository_id = repository.id
         AND access.checked_at > now() - ${FRESH}
       WHERE ${IS_OF_ACCOUNT} AND installation.status = 'active'
         AND strpos(repository.name_key, $4) > 0 AND ($5::bigint IS NULL OR repository.id < $5)
       ORDER BY repository.id DESC LIMIT $6`,
      [...ofAccount(user), query.toLowerCase(), before, limit],
    );
  }

  /** Returns what GitHub answered within ten minutes about an account's user in a repository; null if nobody asked. */
  async recorded(accountId: string, repositoryId: string): Promise<RepositoryPermission | null> {
    const [row] = await this.unitOfWork.manager.query<{ permission: RepositoryPermission }[]>(
      `SELECT permission FROM repository_access
       WHERE account_id = $1 AND repository_id = $2 AND checked_at > now() - ${FRESH}`,
      [accountId, repositoryId],
    );
    return row?.permission ?? null;
  }

  /** Records what GitHub answered just now. */
  async record(
    accountId: string,
    answers: readonly { readonly repositoryId: string; readonly permission: RepositoryPermission }[],
  ): Promise<void> {
    // In the order of the ids, so that concurrent statements do not deadlock.
    await this.unitOfWork.manager.query(
      `INSERT INTO repository_access (account_id, repository_id, permission)
       SELECT $1, id, permission FROM unnest($2::bigint[], $3::text[]) AS given (id, permission) ORDER BY id
       ON CONFLICT (account_id, repository_id)
         DO UPDATE SET permission = excluded.permission, checked_at = excluded.checked_at`,
      [
        accountId,
        answers.map(({ repositoryId }) => repositoryId),
        answers.map(({ permission }) => permission),
      ],
    );
  }

  /** Returns the account's projects that use these repositories, oldest first. */
  usesOf(
    accountId: string,
    repositories: readonly { readonly id: string; readonly name: string }[],
  ): Promise<RepositoryUse[]> {
    return this.unitOfWork.manager.query<RepositoryUse[]>(
      `SELECT given.id AS "repositoryId", project.id, project.name, project.slug
       FROM unnest($2::bigint[], $3::text[]) AS given (id, key)
       JOIN projects project ON project.account_id = $1 AND project.status <> 'deleted'
         AND (project.repository_id = given.id OR project.repository_id IS NULL AND project.repository_key = given.key)
       ORDER BY project.id`,
      [accountId, repositories.map(({ id }) => id), repositories.map(({ name }) => name.toLowerCase())],
    );
  }
}
