import { type Transaction } from '@nexos/database';
import type { EntityManager } from 'typeorm';
import { destroyEnvironment } from '../environments/destroy-environment.js';

/**
 * Asks for a project and all of its environments to go. It reads `deleting` until the last environment is destroyed;
 * a project without any is gone at once. Nothing new is deployed to it from here on. Doing so again changes nothing.
 */
export async function deleteProject(transaction: Transaction, projectId: string): Promise<void> {
  const { manager } = transaction;
  await manager.query(
    `UPDATE projects SET status = 'deleting', updated_at = now() WHERE id = $1 AND status = 'active'`,
    [projectId],
  );
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM environments WHERE project_id = $1 AND status NOT IN ('destroying', 'destroyed') ORDER BY id`,
    [projectId],
  );
  for (const { id } of rows) await destroyEnvironment(transaction, id);
  await finishProjectDeletion(manager, projectId);
}

/** Keeps two from taking the last environments of a project away at the same time, each seeing the other's. */
export async function lockProjectOf(manager: EntityManager, environmentId: string): Promise<string> {
  const [row] = await manager.query<{ id: string }[]>(
    `SELECT id FROM projects WHERE id = (SELECT project_id FROM environments WHERE id = $1) FOR NO KEY UPDATE`,
    [environmentId],
  );
  if (row === undefined) throw new Error(`there is no environment ${environmentId}`);
  return row.id;
}

/**
 * Deletes a project that is being deleted once it has no environment left: its secrets and branches at once; its row
 * stays, unseen, for what has been counted. To be called with the project locked.
 */
export async function finishProjectDeletion(manager: EntityManager, projectId: string): Promise<void> {
  const [rows] = await manager.query<[unknown[], number]>(
    `UPDATE projects SET status = 'deleted', deleted_at = now(), updated_at = now()
     WHERE id = $1 AND status = 'deleting'
       AND NOT EXISTS (SELECT 1 FROM environments WHERE project_id = $1 AND status <> 'destroyed')
     RETURNING id`,
    [projectId],
  );
  if (rows.length === 0) return;
  await manager.query('DELETE FROM env_vars WHERE project_id = $1', [projectId]);
  await manager.query('DELETE FROM branches WHERE project_id = $1', [projectId]);
}
