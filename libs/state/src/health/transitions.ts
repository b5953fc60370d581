import { type ContainerExit, type Health, type HealthState, systemCause } from '@nexos/domain';
import { affected, type Transaction } from '@nexos/database';
import { recordEvent } from '../events/record-event.js';

/** The newly decided health of a live version. */
export interface HealthChange {
  readonly environmentId: string;
  readonly deploymentId: string;
  /** The state that the decision was based on; null for none. */
  readonly from: HealthState | null;
  readonly to: Health;
  readonly restarts: number;
  readonly lastExit: ContainerExit | null;
}

/**
 * Records the health of a live version, with an event if its state changed.
 *
 * @returns false when another process changed it first, or the version is no longer live
 */
export async function recordHealth(transaction: Transaction, change: HealthChange): Promise<boolean> {
  const { environmentId, deploymentId, from, to, restarts, lastExit } = change;
  // Events lock their environment. Everyone locks it before its health, so that nobody deadlocks.
  await transaction.manager.query('SELECT 1 FROM environments WHERE id = $1 FOR KEY SHARE', [environmentId]);
  const rows = await transaction.manager.query<unknown[]>(
    `INSERT INTO environment_health AS known (environment_id, deployment_id, state, message, restarts, last_exit_at,
       last_exit_code, last_exit_out_of_memory)
     SELECT id, $2, $3, $4, $5, to_timestamp($6::float8 / 1000), $7, $8 FROM environments
     WHERE id = $1 AND live_deployment_id = $2 AND status = 'running'
     ON CONFLICT (environment_id) DO UPDATE SET deployment_id = excluded.deployment_id, state = excluded.state,
       message = excluded.message, restarts = excluded.restarts, last_exit_at = excluded.last_exit_at,
       last_exit_code = excluded.last_exit_code, last_exit_out_of_memory = excluded.last_exit_out_of_memory,
       since = CASE WHEN known.state = excluded.state THEN known.since ELSE now() END,
       held_until = CASE WHEN known.deployment_id = excluded.deployment_id THEN known.held_until END
     WHERE known.deployment_id <> excluded.deployment_id OR known.state = $9
     RETURNING 1`,
    [
      environmentId,
      deploymentId,
      to.state,
      to.message,
      restarts,
      lastExit?.at ?? null,
      lastExit?.code ?? null,
      lastExit?.isOutOfMemory ?? null,
      from,
    ],
  );
  if (rows.length === 0) return false;
  if (from !== to.state) await recordChange(transaction, change);
  return true;
}

/** Begins with a version that has just gone live or was resumed. */
export async function beginHealth(
  transaction: Transaction,
  environmentId: string,
  { state, message }: Health,
): Promise<void> {
  const [row] = await transaction.manager.query<{ deploymentId: string; from: HealthState | null }[]>(
    `WITH was AS (SELECT state FROM environment_health WHERE environment_id = $1)
     INSERT INTO environment_health AS known (environment_id, deployment_id, state, message)
     SELECT id, live_deployment_id, $2, $3 FROM environments WHERE id = $1 AND live_deployment_id IS NOT NULL
     ON CONFLICT (environment_id) DO UPDATE SET deployment_id = excluded.deployment_id, state = excluded.state,
       message = excluded.message, restarts = 0, last_exit_at = NULL, last_exit_code = NULL,
       last_exit_out_of_memory = NULL, held_until = NULL,
       since = CASE WHEN known.state = excluded.state THEN known.since ELSE now() END
     RETURNING deployment_id AS "deploymentId", (SELECT state FROM was) AS "from"`,
    [environmentId, state, message],
  );
  if (row === undefined || row.from === state) return;
  const { deploymentId, from } = row;
  const to = { state, message };
  await recordChange(transaction, { environmentId, deploymentId, from, to, restarts: 0, lastExit: null });
}

async function recordChange(
  transaction: Transaction,
  { environmentId, deploymentId, from, to, restarts, lastExit }: HealthChange,
): Promise<void> {
  await recordEvent(transaction, {
    of: 'environment',
    type: 'health',
    subjectId: environmentId,
    data: {
      from,
      to: to.state,
      deployment_id: deploymentId,
      message: to.message,
      restarts,
      exit_code: lastExit?.code ?? null,
    },
    cause: systemCause(),
  });
}

/**
 * Records that the live version is not restarted before a time, in milliseconds since the epoch. The caller then stops
 * its service; if it dies before that, Swarm goes on restarting the app.
 *
 * @returns false when the version should not run any longer
 */
export async function holdRestarts(
  transaction: Transaction,
  { environmentId, deploymentId }: { environmentId: string; deploymentId: string },
  until: number,
): Promise<boolean> {
  return affected(
    await transaction.manager.query(
      `UPDATE environment_health SET held_until = to_timestamp($3::float8 / 1000)
       FROM environments WHERE environments.id = $1 AND environment_id = $1 AND deployment_id = $2
         AND live_deployment_id = $2 AND status = 'running' AND desired_state = 'running'`,
      [environmentId, deploymentId, until],
    ),
  );
}

/** Records that the live version's service was started again. */
export async function releaseRestarts(
  transaction: Transaction,
  { environmentId, deploymentId }: { environmentId: string; deploymentId: string },
): Promise<void> {
  await transaction.manager.query(
    `UPDATE environment_health SET held_until = NULL WHERE environment_id = $1 AND deployment_id = $2`,
    [environmentId, deploymentId],
  );
}
