import { systemCause } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { lockEnvironment } from './lock-environment.js';
import { destroyEnvironment } from './transitions/destroy.js';

/** An environment without a push or deployment for as long as its project keeps it. */
export interface ExpiredEnvironment {
  readonly id: string;
  readonly branch: string;
  readonly days: number;
}

/**
 * Selects expired environments. The newest deployment counts, no matter who requested it and how it ended, and so
 * does the newest push to the branch, even if it was not deployed or is still in doubt.
 */
export const EXPIRED = `
  SELECT environment.id, environment.branch, project.expires_after_days AS days
  FROM projects project
  JOIN environments environment ON environment.project_id = project.id
  LEFT JOIN deployments latest ON latest.id = environment.latest_deployment_id
  LEFT JOIN branches branch ON branch.project_id = environment.project_id AND branch.name = environment.branch
  WHERE project.expires_after_days IS NOT NULL AND environment.status NOT IN ('destroying', 'destroyed')
    AND greatest(environment.created_at, latest.queued_at, branch.pushed_at, branch.in_doubt_since)
      < now() - make_interval(days => project.expires_after_days)`;

/**
 * Requests the destruction of an environment, if it is still expired once it is locked: a push may just have arrived.
 *
 * @returns the environment; null when it is not expired, or is already being destroyed
 */
export async function expireEnvironment(
  transaction: Transaction,
  environmentId: string,
): Promise<ExpiredEnvironment | null> {
  const { manager } = transaction;
  await lockEnvironment(manager, environmentId);
  const [expired] = await manager.query<ExpiredEnvironment[]>(`${EXPIRED} AND environment.id = $1`, [
    environmentId,
  ]);
  if (expired === undefined) return null;
  return (await destroyEnvironment(transaction, environmentId, systemCause('expired'))) ? expired : null;
}
