import { type Transaction } from '@nexos/database';
import { destroyEnvironment } from '../environments/transitions/destroy.js';
import { finishProjectDeletion, markDeleting } from './transitions.js';

/**
 * Asks for a project and all of its environments to go. It reads `deleting` until the last environment is destroyed;
 * a project without any is gone at once. Nothing new is deployed to it from here on. Doing so again changes nothing.
 *
 * @param actor who asks for it
 */
export async function deleteProject(
  transaction: Transaction,
  projectId: string,
  actor: string,
): Promise<void> {
  const { manager } = transaction;
  await markDeleting(manager, projectId);
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM environments WHERE project_id = $1 AND status NOT IN ('destroying', 'destroyed') ORDER BY id`,
    [projectId],
  );
  const cause = { actor, reason: 'project_deleted' } as const;
  for (const { id } of rows) await destroyEnvironment(transaction, id, cause);
  await finishProjectDeletion(manager, projectId);
}
