import { bySystem, type Cause, type EnvironmentStatus, environmentStatusesBefore } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { changeStatus, type StatusChange, type StatusTable } from '../../transitions/change-status.js';

const ENVIRONMENTS: StatusTable = {
  table: 'environments',
  alias: 'environment',
  event: { of: 'environment', type: 'status', subject: 'id' },
};

interface EnvironmentMove extends Omit<StatusChange<EnvironmentStatus>, 'to' | 'from'> {
  /** Narrows the statuses that the state machine allows. */
  readonly from?: readonly EnvironmentStatus[];
  /** Also one that has the status already, which is no event then. */
  readonly orAlready?: boolean;
}

/**
 * Moves environments to another status, where the state machine lets them.
 *
 * @returns whether any was moved; if not, somebody else moved it first and the caller has nothing left to do
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

/** Makes a deployment an environment's live one; it runs from then on, unless something else is wanted of it. */
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
    set: `resumed_at = CASE WHEN environment.status = 'paused' THEN now() ELSE resumed_at END`,
    parameters: { environmentId },
    cause: bySystem('deployment_live'),
    data: { deployment_id: deploymentId },
  });
}

/**
 * Fails an environment whose first deployment came to nothing: it has nothing to show, though a later one may still
 * succeed. Until then it needs none of what it shares with others.
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
