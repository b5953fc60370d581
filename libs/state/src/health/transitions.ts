import { APP_CONTAINER, type ContainerExit, type Health, type HealthState, systemCause } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
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
  /** The health of each container, from which that of the version follows. */
  readonly containers: readonly ContainerHealth[];
}

export interface ContainerHealth extends Health {
  readonly name: string;
  readonly restarts: number;
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
       since = CASE WHEN known.state = excluded.state THEN known.since ELSE now() END
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
  await recordContainers(transaction, change);
  if (from !== to.state) await recordChange(transaction, change);
  return true;
}

async function recordContainers(
  { manager }: Transaction,
  { environmentId, deploymentId, containers }: HealthChange,
): Promise<void> {
  await manager.query(
    `INSERT INTO container_health AS known (environment_id, container, deployment_id, state, message, restarts)
     SELECT $1, name, $2, state, message, restarts
     FROM jsonb_to_recordset($3) AS own (name text, state text, message text, restarts integer)
     ON CONFLICT (environment_id, container) DO UPDATE SET deployment_id = excluded.deployment_id,
       state = excluded.state, message = excluded.message, restarts = excluded.restarts,
       held_until = CASE WHEN known.deployment_id = excluded.deployment_id THEN known.held_until END`,
    [environmentId, deploymentId, JSON.stringify(containers)],
  );
  await manager.query('DELETE FROM container_health WHERE environment_id = $1 AND deployment_id <> $2', [
    environmentId,
    deploymentId,
  ]);
}

/**
 * Begins with a version that has just gone live or was resumed: each of its containers has come up.
 *
 * @param happened completes "The app has just …"
 */
export async function beginHealth(
  transaction: Transaction,
  environmentId: string,
  happened: 'gone live' | 'been resumed',
): Promise<void> {
  const { manager } = transaction;
  const state: HealthState = 'healthy';
  const message = `The app has just ${happened}.`;
  await manager.query('DELETE FROM container_health WHERE environment_id = $1', [environmentId]);
  const [row] = await manager.query<{ deploymentId: string; from: HealthState | null }[]>(
    `WITH was AS (SELECT state FROM environment_health WHERE environment_id = $1)
     INSERT INTO environment_health AS known (environment_id, deployment_id, state, message)
     SELECT id, live_deployment_id, $2, $3 FROM environments WHERE id = $1 AND live_deployment_id IS NOT NULL
     ON CONFLICT (environment_id) DO UPDATE SET deployment_id = excluded.deployment_id, state = excluded.state,
       message = excluded.message, restarts = 0, last_exit_at = NULL, last_exit_code = NULL,
       last_exit_out_of_memory = NULL,
       since = CASE WHEN known.state = excluded.state THEN known.since ELSE now() END
     RETURNING deployment_id AS "deploymentId", (SELECT state FROM was) AS "from"`,
    [environmentId, state, message],
  );
  if (row === undefined) return;
  const { deploymentId, from } = row;
  await manager.query(
    `INSERT INTO container_health (environment_id, container, deployment_id, state, message)
     SELECT $1, '${APP_CONTAINER}', $2, $3, $4
     UNION ALL
     SELECT $1, one->>'name', $2, $3, format('The container %s has just %s.', one->>'name', $5::text)
     FROM deployments CROSS JOIN jsonb_array_elements(spec->'containers') one WHERE id = $2`,
    [environmentId, deploymentId, state, message, happened],
  );
  if (from === state) return;
  const to = { state, message };
  await recordChange(transaction, {
    environmentId,
    deploymentId,
    from,
    to,
    restarts: 0,
    lastExit: null,
    containers: [],
  });
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

/** A container of a live version. */
interface LiveContainer {
  readonly environmentId: string;
  readonly deploymentId: string;
  readonly container: string;
}

/**
 * Records that a container is not restarted before a time, in milliseconds since the epoch. The caller then stops its
 * service; if it dies before that, Swarm goes on restarting it.
 *
 * @returns false when the version should not run any longer
 */
export async function holdRestarts(
  transaction: Transaction,
  { environmentId, deploymentId, container }: LiveContainer,
  until: number,
): Promise<boolean> {
  const rows = await transaction.manager.query<unknown[]>(
    `INSERT INTO container_health (environment_id, container, deployment_id, state, message, held_until)
     SELECT id, $4, live_deployment_id, 'starting', 'The container is being restarted.', to_timestamp($3::float8 / 1000)
     FROM environments
     WHERE id = $1 AND live_deployment_id = $2 AND status = 'running' AND desired_state = 'running'
     ON CONFLICT (environment_id, container) DO UPDATE
       SET deployment_id = excluded.deployment_id, held_until = excluded.held_until
     RETURNING 1`,
    [environmentId, deploymentId, until, container],
  );
  return rows.length > 0;
}

/** Returns whether a container may be restarted. Since the caller read that, another worker may have held it again. */
export async function isHoldOver(
  { manager }: Transaction,
  { environmentId, deploymentId, container }: LiveContainer,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM container_health
     WHERE environment_id = $1 AND deployment_id = $2 AND container = $3 AND held_until <= now()`,
    [environmentId, deploymentId, container],
  );
  return rows.length > 0;
}

/** Records that the service of a container was started again. */
export async function releaseRestarts(
  transaction: Transaction,
  { environmentId, deploymentId, container }: LiveContainer,
): Promise<void> {
  await transaction.manager.query(
    `UPDATE container_health SET held_until = NULL
     WHERE environment_id = $1 AND deployment_id = $2 AND container = $3`,
    [environmentId, deploymentId, container],
  );
}
