import type { EntityManager } from 'typeorm';

/**
 * Locks an environment's row. Every change to an environment or its deployments locks the environment first, so that
 * transactions cannot deadlock.
 */
export async function lockEnvironment(manager: EntityManager, environmentId: string): Promise<void> {
  await manager.query('SELECT 1 FROM environments WHERE id = $1 FOR UPDATE', [environmentId]);
}

/** Locks the environment that a deployment or an execution belongs to. */
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
