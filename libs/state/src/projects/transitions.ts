import type { EntityManager } from 'typeorm';

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

/** Marks a project as being deleted; one that is already stays so. */
export async function markDeleting(manager: EntityManager, projectId: string): Promise<void> {
  await manager.query(
    `UPDATE projects SET status = 'deleting', updated_at = now() WHERE id = $1 AND status = 'active'`,
    [projectId],
  );
}
