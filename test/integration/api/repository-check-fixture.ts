import { DatabaseConfig, loadConfig } from '@nexos/config';
import { createDataSource, UnitOfWork } from '@nexos/database';
import { InstallationsRepository } from '@nexos/state';
import { expect } from 'vitest';
import type { PermissionLevel } from '../../support/github-api/repositories.js';
import type { ApiClient } from '../../support/nexos/api-client.js';
import { problemOf } from './api-fixture.js';
import { accountOf, githubUser, type GithubAppSystem, repositoryName } from './app-access-fixture.js';

export const INSTALLATION = 71;
const NOT_YOURS = 'urn:nexos:problem:repository-not-yours';

/** Creates a repository with the App, in which a new user with an account may do something. */
export async function repositoryFor(
  system: GithubAppSystem,
  permission: PermissionLevel,
  { isPrivate = true, installation = INSTALLATION } = {},
) {
  const name = repositoryName();
  const repositoryId = system.github.repositories.create(name, { isPrivate });
  system.github.install(name, installation);
  const user = githubUser();
  system.github.repositories.permit(name, user, permission);
  return { name, repositoryId, user, ...(await accountOf(system.nexos, user)) };
}

export const create = (api: ApiClient, repository: string, headers = {}) =>
  api.request('POST', '/projects', { name: 'shop', github_repo: repository }, headers);
export const projectsOf = (system: GithubAppSystem, accountId: string) =>
  system.nexos.rows<Record<string, unknown>>(
    `SELECT github_repo, repository_key, repository_id, installation_id, access_checked_at IS NOT NULL AS checked,
       paused_reason AS paused
     FROM projects WHERE account_id = $1 ORDER BY id`,
    [accountId],
  );

/** Records that all repositories of the installation are known, and that none of them is this one. */
export const listWithoutIt = (system: GithubAppSystem, status = 'active') =>
  system.nexos.database.query(
    `INSERT INTO github_installations AS known (id, owner_id, owner_login, owner_type, repository_selection, status,
       changed_at, listed_at, list_at)
     VALUES ($1, 1, 'acme', 'User', 'selected', $2, now(), now(), now() + interval '1 day')
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, listed_at = now(), list_at = excluded.list_at`,
    [INSTALLATION, status],
  );
export const isListingDue = async (system: GithubAppSystem) => {
  const due = 'SELECT list_at <= now() AS due FROM github_installations WHERE id = $1';
  return (await system.nexos.column<boolean>(due, [INSTALLATION]))[0];
};

/** Settles projects as the sweep of an integrations worker does. */
export async function settle({ nexos }: GithubAppSystem): Promise<void> {
  const { database } = loadConfig({ database: DatabaseConfig }, nexos.env);
  const dataSource = await createDataSource(database).initialize();
  try {
    const installations = new InstallationsRepository(new UnitOfWork(dataSource));
    await installations.settleDrift({ requiresConnection: true });
  } finally {
    await dataSource.destroy();
  }
}

/** Expects a 403, and returns what it says, without what differs between requests. */
export async function refusal(response: Response, repository: string): Promise<string> {
  expect(response.status).toBe(403);
  const { type, detail } = await problemOf(response);
  expect(type).toBe(NOT_YOURS);
  return detail.replaceAll(repository, 'REPOSITORY');
}
