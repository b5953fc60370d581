import type { EntityManager } from 'typeorm';

/** What was queued just now is on its way to a worker. */
const ON_ITS_WAY_SECONDS = 2;

/** Executions that are not over and done with, and that no worker holds, the first first. */
export async function findIdleExecutions(manager: EntityManager, limit: number): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM executions
     WHERE settled_at IS NULL AND (lease_until IS NULL OR lease_until < now())
       AND queued_at < now() - make_interval(secs => $1)
     ORDER BY id LIMIT $2`,
    [ON_ITS_WAY_SECONDS, limit],
  );
  return rows.map(({ id }) => id);
}

/** Of some ids, those of executions that may have something on the engine. */
export async function findUnsettledExecutions(
  manager: EntityManager,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    'SELECT id FROM executions WHERE id = ANY($1) AND settled_at IS NULL',
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** Why an execution is not wanted any more. */
export type UnwantedBecause = 'cancelled' | 'environment';

/** Whether an execution is still wanted: nobody cancelled it, and its environment runs and is to. */
export async function findUnwanted(manager: EntityManager, id: string): Promise<UnwantedBecause | null> {
  const [row] = await manager.query<{ isCancelled: boolean; runs: boolean }[]>(
    `SELECT execution.cancel_requested_at IS NOT NULL AS "isCancelled",
       environment.status = 'running' AND environment.desired_state = 'running'
         AND environment.live_deployment_id IS NOT NULL AS runs
     FROM executions execution JOIN environments environment ON environment.id = execution.environment_id
     WHERE execution.id = $1`,
    [id],
  );
  if (row?.isCancelled !== false) return 'cancelled';
  return row.runs ? null : 'environment';
}
