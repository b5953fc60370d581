import type { EntityManager } from 'typeorm';
import { recordAudit } from '../audit/record-audit.js';

/** Locks an environment's project, so that concurrent removals of its last environments do not miss each other. */
export async function lockProjectOf(manager: EntityManager, environmentId: string): Promise<string> {
  const [row] = await manager.query<{ id: string }[]>(
    `SELECT id FROM projects WHERE id = (SELECT project_id FROM environments WHERE id = $1) FOR NO KEY UPDATE`,
    [environmentId],
  );
  if (row === undefined) throw new Error(`environment ${environmentId} does not exist`);
  return row.id;
}

/**
 * Finishes the deletion of a project that has no environment left. Deletes its secrets and branches, and keeps its
 * row, hidden, for the usage counted so far. Its webhooks are told of the end first; retention deletes them. Call it with the project locked.
 */
export async function finishProjectDeletion(manager: EntityManager, projectId: string): Promise<void> {
  const [[deleted]] = await manager.query<[{ accountId: string; slug: string }[], number]>(
    `UPDATE projects SET status = 'deleted', deleted_at = now(), updated_at = now()
     WHERE id = $1 AND status = 'deleting'
       AND NOT EXISTS (SELECT 1 FROM environments WHERE project_id = $1 AND status <> 'destroyed')
     RETURNING account_id AS "accountId", slug`,
    [projectId],
  );
  if (deleted === undefined) return;
  const { accountId, slug } = deleted;
  await recordAudit(
    { manager },
    {
      action: 'project.deleted',
      subject: projectId,
      projectId,
      accountId,
      before: { slug, status: 'deleting' },
      after: { status: 'deleted' },
    },
  );
  await manager.query('DELETE FROM env_vars WHERE project_id = $1', [projectId]);
  await manager.query('DELETE FROM registries WHERE project_id = $1', [projectId]);
  await manager.query('DELETE FROM branches WHERE project_id = $1', [projectId]);
}

/** Marks an active project as being deleted; idempotent. */
export async function markDeleting(manager: EntityManager, projectId: string, actor: string): Promise<void> {
  const [[marked]] = await manager.query<[{ accountId: string; slug: string }[], number]>(
    `UPDATE projects SET status = 'deleting', updated_at = now() WHERE id = $1 AND status = 'active'
     RETURNING account_id AS "accountId", slug`,
    [projectId],
  );
  if (marked === undefined) return;
  const { accountId, slug } = marked;
  const change = { before: { slug, status: 'active' }, after: { status: 'deleting' } };
  const line = { subject: projectId, projectId, accountId, actor, ...change };
  await recordAudit({ manager }, { action: 'project.delete', ...line });
}
