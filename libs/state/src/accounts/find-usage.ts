import type { EntityManager } from 'typeorm';

/** What an account uses at the moment, and has built in this calendar month (UTC). */
export interface Usage {
  readonly projects: number;
  /** Cores of all environments that run. */
  readonly cpu: number;
  readonly memoryMb: number;
  /** Of builds that have ended and of those that run; begun ones count whole in the sum, not each. */
  readonly buildMinutes: number;
}

/** A build counts from its claim until its image was made or it ended otherwise, to the month that it began in. */
export async function findUsage(manager: EntityManager, accountId: string): Promise<Usage> {
  const [row] = await manager.query<Usage[]>(
    `SELECT
       (SELECT count(*)::integer FROM projects WHERE account_id = $1 AND status <> 'deleted') AS projects,
       coalesce(running.cpu, 0) AS cpu, coalesce(running.memory_mb, 0) AS "memoryMb",
       (SELECT coalesce(ceil(sum(extract(epoch FROM
                coalesce(built_at, finished_at, now()) - started_at)) / 60), 0)::integer
        FROM deployments JOIN projects ON projects.id = deployments.project_id
        WHERE projects.account_id = $1
          AND started_at >= date_trunc('month', now(), 'UTC')) AS "buildMinutes"
     FROM (SELECT sum((deployments.spec->>'cpu')::numeric)::float8 AS cpu,
                  sum((deployments.spec->>'memory_mb')::integer)::integer AS memory_mb
           FROM environments
           JOIN projects ON projects.id = environments.project_id
           JOIN deployments ON deployments.id = environments.live_deployment_id
           WHERE projects.account_id = $1 AND environments.status = 'running') running`,
    [accountId],
  );
  if (row === undefined) throw new Error('the usage could not be computed');
  return row;
}
