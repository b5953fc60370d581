import { checkRestore, type RestoreFacts } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { IS_KEPT } from '../services/database-backups.repository.js';
import { lockEnvironment } from './lock-environment.js';
import { recordRequest } from './record-request.js';
import type { ActionOutcome } from './act-on-environment.js';

/**
 * Requests that a backup replace the current database, which is backed up in turn. The environment stays locked until
 * the transaction ends.
 *
 * @param generation the database's generation; null for the latest backup
 * @param actor who requests the restore
 */
export async function restoreDatabase(
  transaction: Transaction,
  environmentId: string,
  generation: number | null,
  actor: string,
): Promise<ActionOutcome> {
  const { manager } = transaction;
  await lockEnvironment(manager, environmentId);
  const [facts] = await manager.query<RestoreFacts[]>(
    `SELECT status, desired_state AS "desiredState", asleep AS "isAsleep",
       live_deployment_id IS NOT NULL AS "hasLiveVersion",
       database_generation > observed_database_generation AS "isResetting",
       CASE WHEN database_generation > observed_database_generation THEN restored_generation END AS "restoringGeneration",
       (SELECT max(generation) FROM database_backups backup
        WHERE environment_id = $1 AND expires_at > now() AND generation < observed_database_generation
          AND ($2::integer IS NULL OR generation = $2) AND ${IS_KEPT}) AS "requestedGeneration"
     FROM environments WHERE id = $1`,
    [environmentId, generation],
  );
  if (facts === undefined) throw new Error(`environment ${environmentId} does not exist`);
  const verdict = checkRestore(facts);
  if (verdict.kind === 'refuse') return { refused: verdict.reason };
  if (verdict.kind === 'same') return { refused: null };
  await manager.query(
    `UPDATE environments SET database_generation = database_generation + 1, restored_generation = $2,
       generation = generation + 1
     WHERE id = $1`,
    [environmentId, facts.requestedGeneration],
  );
  await recordRequest(transaction, environmentId, 'restore', { actor, reason: 'requested' });
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
  return { refused: null };
}
