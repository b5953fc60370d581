import { type DeploymentSpec } from '@nexos/domain';
import { affected } from '@nexos/database';
import type { EntityManager } from 'typeorm';

/**
 * Writes down how a deployment is built and run, once what its commit says of that is known.
 *
 * @returns false when the build is no longer this builder's
 */
export async function setSpec(
  manager: EntityManager,
  deploymentId: string,
  attempt: number,
  spec: DeploymentSpec,
): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE deployments SET spec = $3 WHERE id = $1 AND attempt = $2 AND status = 'building'`,
      [deploymentId, attempt, JSON.stringify(spec)],
    ),
  );
}
