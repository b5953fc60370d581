import { affected } from '@nexos/database';
import { type DeploymentSettings } from '@nexos/settings';
import type { EntityManager } from 'typeorm';

/**
 * Writes a deployment's settings, once what its commit says of them is known.
 *
 * @returns false when the build is no longer this builder's
 */
export async function setDeploymentSettings(
  manager: EntityManager,
  deploymentId: string,
  attempt: number,
  settings: DeploymentSettings,
): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE deployments SET spec = $3 WHERE id = $1 AND attempt = $2 AND status = 'building'`,
      [deploymentId, attempt, JSON.stringify(settings)],
    ),
  );
}
