import { type Transaction } from '@nexos/database';
import { destroyEnvironment } from '../environments/transitions/destroy.js';
import { finishProjectDeletion, markDeleting } from './transitions.js';

/**
 * Requests the deletion of a project and all its environments. The project is `deleting` until the last environment
 * is destroyed; a project without environments is deleted at once. It accepts no deployments from now on. Idempotent.
 *
 * @param actor who requests the deletion
 */
export async function deleteProject(
  transaction: Transaction,
  projectId: string,
  actor: string,
): Promise<void> {
  const { manager } = transaction;
  await markDeleting(manager, projectId, actor);
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM environments WHERE project_id = $1 AND status NOT IN ('destroying', 'destroyed') ORDER BY id`,
    [projectId],
  );
  const cause = { actor, reason: 'project_deleted' } as const;
  for (const { id } of rows) await destroyEnvironment(transaction, id, cause);
  await finishProjectDeletion(manager, projectId);
}
