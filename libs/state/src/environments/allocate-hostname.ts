import { APP_CONTAINER, hostLabel, isForkBranch } from '@nexos/domain';
import type { EntityManager } from 'typeorm';

/** How long a released host name is reserved for its account. */
const KEPT_FOR_DAYS = 30;
const MAX_ATTEMPTS = 20;

/**
 * Allocates a unique host name to a container of an environment. One table holds the names of all accounts; its key decides who gets
 * a name. A branch that comes back while its old environment is being destroyed keeps its name.
 */
export async function allocateHostname(
  manager: EntityManager,
  environment: { id: string; branch: string },
  project: { id: string; accountId: string; slug: string },
  baseDomain: string,
  container: string = APP_CONTAINER,
): Promise<string> {
  const { branch } = environment;
  const [slug, identity] =
    container === APP_CONTAINER
      ? [project.slug, `${project.id}/${branch}`]
      : [`${project.slug}-${container}`, `${project.id}/${branch}/${container}`];
  // The plain name is for a branch: a stranger's app never gets the address of one.
  const first = isForkBranch(branch) ? 1 : 0;
  for (let attempt = first; attempt < MAX_ATTEMPTS; attempt++) {
    const label = hostLabel(branch, slug, identity, attempt);
    const hostname = `${label}.${baseDomain}`;
    const rows = await manager.query<unknown[]>(
      `INSERT INTO hostnames AS held (hostname, account_id, environment_id, container) VALUES ($1, $2, $3, $7)
       ON CONFLICT (hostname) DO UPDATE
         SET account_id = excluded.account_id, environment_id = excluded.environment_id,
           container = excluded.container, released_at = NULL
         WHERE (held.environment_id IS NULL
                AND (held.account_id = excluded.account_id
                     OR held.released_at < now() - make_interval(days => $4)))
            OR held.container = excluded.container AND EXISTS (SELECT 1 FROM environments leaving
                       WHERE leaving.id = held.environment_id AND leaving.status = 'destroying'
                         AND leaving.project_id = $5 AND leaving.branch = $6)
       RETURNING hostname`,
      [hostname, project.accountId, environment.id, KEPT_FOR_DAYS, project.id, branch, container],
    );
    if (rows.length > 0) return hostname;
  }
  throw new Error(`no free host name for environment ${environment.id} after ${MAX_ATTEMPTS} tries`);
}

/** Releases the host names that an environment still holds. */
export async function releaseHostnames(manager: EntityManager, environmentId: string): Promise<void> {
  await manager.query(
    `UPDATE hostnames SET environment_id = NULL, released_at = now() WHERE environment_id = $1`,
    [environmentId],
  );
}
