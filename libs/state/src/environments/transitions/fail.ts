import { type DeploymentFailure, retryDelaySeconds, systemCause } from '@nexos/domain';
import { affected, type EnvironmentEntity, type Transaction } from '@nexos/database';
import { recordEvent } from '../../events/record-event.js';
import { moveEnvironments, NO_FAILURE } from './move-environments.js';

/** SQL that records a failure of the environment in its row. */
const FAILURE = `failure_code = :code, failure_message = :message, failed_at = now(),
  failed_generation = environment.generation, failure_count = :attempt,
  retry_at = now() + make_interval(secs => :retrySeconds::integer)`;
/** Nothing else was requested since the worker read the environment, and it still holds the lease. */
const UNCHANGED = `environment.id = :environmentId AND environment.lease_epoch = :epoch
  AND environment.generation = :generation AND environment.desired_state = 'running'`;

type Failing = Pick<EnvironmentEntity, 'id' | 'generation' | 'failureCode' | 'failureCount'>;

/**
 * Records that the live version could not be started again. Nothing of it runs by then; the caller removes its route.
 *
 * @param environment as the worker read it
 * @returns false when something else was requested meanwhile or the lease was lost
 */
export function recordStartFailed(
  transaction: Transaction,
  environment: Failing,
  epoch: string,
  failure: DeploymentFailure,
): Promise<boolean> {
  return moveEnvironments(transaction, 'failed', {
    orAlready: true,
    where: `${UNCHANGED} AND environment.live_deployment_id IS NOT NULL`,
    set: FAILURE,
    parameters: parametersOf(environment, epoch, failure),
    cause: systemCause(failure.code),
  });
}

/**
 * Records that the hooks for the environment's database failed. They stay due; the live version keeps running.
 *
 * @param environment as the worker read it
 * @returns false when something else was requested meanwhile or the lease was lost
 */
export async function recordHooksFailed(
  transaction: Transaction,
  environment: Failing & Pick<EnvironmentEntity, 'liveDeploymentId' | 'observedDatabaseGeneration'>,
  epoch: string,
  failure: DeploymentFailure,
): Promise<boolean> {
  const { attempt, retrySeconds, code, message } = parametersOf(environment, epoch, failure);
  const isRecorded = affected(
    await transaction.manager.query(
      `UPDATE environments SET failure_code = $4, failure_message = $5, failed_at = now(),
         failed_generation = generation, failure_count = $6, retry_at = now() + make_interval(secs => $7::integer)
       WHERE id = $1 AND lease_epoch = $2 AND generation = $3 AND desired_state = 'running' AND hooks_due`,
      [environment.id, epoch, environment.generation, code, message, attempt, retrySeconds],
    ),
  );
  if (!isRecorded) return false;
  await recordEvent(transaction, {
    of: 'environment',
    subjectId: environment.id,
    type: 'hooks_failed',
    data: {
      generation: environment.observedDatabaseGeneration,
      deployment_id: environment.liveDeploymentId,
    },
    cause: systemCause(code),
  });
  return true;
}

/** Clears the failure of a running environment, which can only be that of its hooks, after they have run. */
export async function clearHooksFailure({ manager }: Transaction, environmentId: string): Promise<void> {
  await manager.query(`UPDATE environments SET ${NO_FAILURE} WHERE id = $1 AND status = 'running'`, [
    environmentId,
  ]);
}

function parametersOf(environment: Failing, epoch: string, { code, message }: DeploymentFailure) {
  const attempt = environment.failureCode === code ? environment.failureCount + 1 : 1;
  return {
    environmentId: environment.id,
    generation: environment.generation,
    epoch,
    code,
    message,
    attempt,
    retrySeconds: retryDelaySeconds(code, attempt),
  };
}
