import type { EntityManager } from 'typeorm';

/** Where deployments and executions stand, of whichever of them the ids are. */
export function findStatuses(
  manager: EntityManager,
  ids: readonly string[],
): Promise<{ id: string; status: string }[]> {
  return manager.query<{ id: string; status: string }[]>(
    `SELECT id, status FROM deployments WHERE id = ANY($1)
     UNION ALL SELECT id, status FROM executions WHERE id = ANY($1)`,
    [ids],
  );
}
