import { type Transaction } from '@nexos/database';
import { endBuildRuns } from './build-runs.js';

/**
 * Does what follows from the end of builds, in the transaction that ends them: their runs end and are metered, and a builder
 * is woken for the account's next build, which its limit of concurrent builds may have held back.
 *
 * @param byBuilder see `endBuildRuns`
 */
export async function endBuilds(
  transaction: Transaction,
  deploymentIds: readonly string[],
  byBuilder: boolean,
): Promise<void> {
  if (deploymentIds.length === 0) return;
  await endBuildRuns(transaction.manager, deploymentIds, { byBuilder });
  transaction.enqueue({ queue: 'quota', name: 'meter-builds', payload: {} });
  for (const id of deploymentIds) await enqueueNextOfAccount(transaction, id);
}

/** Enqueues the build of another environment of the account that has waited the longest. */
async function enqueueNextOfAccount(transaction: Transaction, endedId: string): Promise<void> {
  const [next] = await transaction.manager.query<{ id: string }[]>(
    `SELECT waiting.id FROM deployments ended
     JOIN projects owner ON owner.id = ended.project_id
     JOIN projects project ON project.account_id = owner.account_id
     JOIN deployments waiting ON waiting.project_id = project.id AND waiting.status = 'queued'
       AND waiting.environment_id <> ended.environment_id
     WHERE ended.id = $1 AND NOT EXISTS (SELECT 1 FROM deployments running
       WHERE running.environment_id = waiting.environment_id AND running.status = 'building')
     ORDER BY waiting.waiting_since, waiting.id LIMIT 1`,
    [endedId],
  );
  if (next === undefined) return;
  transaction.enqueue({ queue: 'build', name: 'build-deployment', payload: { deploymentId: next.id } });
}
