import { newId } from '@nexos/domain';
import { type GithubUser } from '@nexos/github';
import type { EntityManager } from 'typeorm';

/** The id of the user's account: made at the first sign-in, and brought up to date at every other. */
export async function saveGithubAccount(manager: EntityManager, user: GithubUser): Promise<string> {
  const [account] = await manager.query<{ id: string }[]>(
    `INSERT INTO accounts (id, name, github_id, github_login, email, avatar_url)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (github_id) DO UPDATE SET name = excluded.name, github_login = excluded.github_login,
       email = excluded.email, avatar_url = excluded.avatar_url
     RETURNING id`,
    [newId('account'), user.name, user.id, user.login, user.email, user.avatarUrl],
  );
  if (account === undefined) throw new Error('an upsert returned no row');
  return account.id;
}
