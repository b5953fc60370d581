import type { EntityManager } from 'typeorm';

/**
 * Locks an environment's row. Whatever changes an environment and its deployments locks the environment first,
 * so that two transactions never wait for each other.
 */
export async function lockEnvironment(manager: EntityManager, environmentId: string): Promise<void> {
  await manager.query('SELECT 1 FROM environments WHERE id = $1 FOR UPDATE', [environmentId]);
}

/** Locks the environment of a row that belongs to one. */
export async function lockEnvironmentOf(
  manager: EntityManager,
  table: 'deployments' | 'executions',
  id: string,
): Promise<void> {
  await manager.query(
    `SELECT 1 FROM environments WHERE id = (SELECT environment_id FROM ${table} WHERE id = $1) FOR UPDATE`,
    [id],
  );
}
