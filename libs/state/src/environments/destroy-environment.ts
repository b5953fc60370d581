import { environmentStatusesBefore } from '@nexos/domain';
import { affected, type Transaction } from '@nexos/database';

/**
 * Asks for an environment to be destroyed and cancels what is on its way to it.
 *
 * @returns false when it is being destroyed, or was, already
 */
export async function destroyEnvironment(transaction: Transaction, environmentId: string): Promise<boolean> {
  const moved = affected(
    await transaction.manager.query(
      `UPDATE environments SET status = 'destroying', desired_state = 'destroyed', generation = generation + 1
       WHERE id = $1 AND status = ANY($2)`,
      [environmentId, environmentStatusesBefore('destroying')],
    ),
  );
  if (!moved) return false;
  await transaction.manager.query(
    `UPDATE deployments SET status = 'cancelled', finished_at = now()
     WHERE environment_id = $1 AND status IN ('queued', 'building', 'deploying')`,
    [environmentId],
  );
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
  return true;
}
