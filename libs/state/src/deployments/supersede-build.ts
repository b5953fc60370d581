import { affected, type Transaction } from '@nexos/database';
import { lockEnvironment } from '../environments/lock-environment.js';
import { enqueueNextBuild } from './finish-build.js';

/**
 * Gives up the running build of an environment, if a newer deployment has waited behind it for long enough.
 * Its builder notices when it next renews its hold.
 */
export async function supersedeBuild(
  transaction: Transaction,
  environmentId: string,
  waitedMs: number,
): Promise<boolean> {
  await lockEnvironment(transaction.manager, environmentId);
  const moved = affected(
    await transaction.manager.query(
      `UPDATE deployments SET status = 'superseded', finished_at = now(), lease_until = NULL
       WHERE environment_id = $1 AND status = 'building'
         AND EXISTS (SELECT 1 FROM deployments newer
                     WHERE newer.environment_id = $1 AND newer.status = 'queued'
                       AND newer.queued_at <= now() - make_interval(secs => $2 / 1000.0))`,
      [environmentId, waitedMs],
    ),
  );
  if (moved) await enqueueNextBuild(transaction, environmentId);
  return moved;
}
