import { systemCause, type Cause, type EnvironmentStatus, environmentStatusesBefore } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { beginHealth } from '../../health/transitions.js';
import { changeStatus, type StatusChange, type StatusTable } from '../../transitions/change-status.js';

const ENVIRONMENTS: StatusTable = {
  table: 'environments',
  alias: 'environment',
  event: { of: 'environment', type: 'status', subject: 'id' },
};

/** SQL that clears the failure of an environment: what had failed has succeeded. */
export const NO_FAILURE = `failure_code = NULL, failure_message = NULL, failed_at = NULL, failed_generation = NULL,
  failure_count = 0, retry_at = NULL`;

interface EnvironmentMove extends Omit<StatusChange<EnvironmentStatus>, 'to' | 'from'> {
  /** Narrows the statuses that the state machine allows. */
  readonly from?: readonly EnvironmentStatus[];
  /** Also includes environments already in the status, without recording an event. */
  readonly orAlready?: boolean;
}

/**
 * Moves environments to another status, if the state machine allows it.
 *
 * @returns whether any was moved; if not, another transaction moved it first, and the caller has nothing left to do
 */
export async function moveEnvironments(
  transaction: Transaction,
  to: EnvironmentStatus,
  { from, orAlready = false, ...move }: EnvironmentMove,
): Promise<boolean> {
  const allowed = environmentStatusesBefore(to).filter((status) => from?.includes(status) ?? true);
  const moved = await changeStatus(transaction, ENVIRONMENTS, {
    ...move,
    to,
    from: orAlready ? [...allowed, to] : allowed,
  });
  return moved.length > 0;
}

/** Makes a deployment the live one of its environment, which becomes `running` unless its desired state differs. */
export async function recordLive(
  transaction: Transaction,
  environmentId: string,
  deploymentId: string,
): Promise<void> {
  await transaction.manager.query('UPDATE environments SET live_deployment_id = $2 WHERE id = $1', [
    environmentId,
    deploymentId,
  ]);
  await moveEnvironments(transaction, 'running', {
    where: `environment.id = :environmentId AND environment.desired_state = 'running'`,
    orAlready: true,
    set: `resumed_at = CASE WHEN environment.status IN ('resuming', 'failed') THEN now() ELSE resumed_at END,
      ${NO_FAILURE}`,
    parameters: { environmentId },
    cause: systemCause('deployment_live'),
    data: { deployment_id: deploymentId },
  });
  await beginHealth(transaction, environmentId, 'gone live');
}

/**
 * Fails an environment whose first deployment did not succeed: it has nothing to show, though a later deployment may
 * still succeed. Until then it does not need the shared services.
 */
export async function failFirstDeployment(
  transaction: Transaction,
  environmentId: string,
  cause: Cause,
): Promise<void> {
  const hasFailed = await moveEnvironments(transaction, 'failed', {
    where: 'environment.id = :environmentId AND environment.live_deployment_id IS NULL',
    orAlready: true,
    parameters: { environmentId },
    cause: { ...cause, reason: 'deployment_failed' },
  });
  if (!hasFailed) return;
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
}
