import { type DeploymentStatus, deploymentStatusesBefore } from '@nexos/domain';
import { DeploymentEntity } from '@nexos/database';
import type { EntityManager } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';

/** What has to hold beside the status for a deployment to be moved. */
export interface MoveCondition {
  /** The builder's attempt: a builder that was given up on no longer moves anything. */
  readonly attempt?: number;
  /** Narrows the statuses that the state machine allows. */
  readonly from?: readonly DeploymentStatus[];
  /** Only if the lease of whoever holds it has run out. */
  readonly leaseIsOver?: boolean;
}

/**
 * Moves a deployment to another status, if the state machine lets it from where it stands: one
 * compare-and-set, never a read and then a write.
 *
 * @returns whether it was moved; if not, somebody else moved it first and the caller has nothing left to do
 */
export async function moveDeployment(
  manager: EntityManager,
  id: string,
  to: DeploymentStatus,
  set: QueryDeepPartialEntity<DeploymentEntity> = {},
  condition: MoveCondition = {},
): Promise<boolean> {
  const allowed = deploymentStatusesBefore(to);
  const from = condition.from?.filter((status) => allowed.includes(status)) ?? allowed;
  const update = manager
    .createQueryBuilder()
    .update(DeploymentEntity)
    .set({ ...set, status: to })
    .where('id = :id AND status = ANY(:from)', { id, from });
  if (condition.attempt !== undefined) update.andWhere('attempt = :attempt', { attempt: condition.attempt });
  if (condition.leaseIsOver === true) update.andWhere('lease_until < now()');
  const result = await update.execute();
  return (result.affected ?? 0) > 0;
}
