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
    `SELECT github_repo, repository_key, repository_id, installation_id, access_checked_at IS NOT NULL AS checked
     FROM projects WHERE account_id = $1 ORDER BY id`,
    [accountId],
  );

/** Expects a 403, and returns what it says, without what differs between requests. */
export async function refusal(response: Response, repository: string): Promise<string> {
  expect(response.status).toBe(403);
  const { type, detail } = await problemOf(response);
  expect(type).toBe(NOT_YOURS);
  return detail.replaceAll(repository, 'REPOSITORY');
}
