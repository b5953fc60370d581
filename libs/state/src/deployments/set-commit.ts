import { affected } from '@nexos/database';
import type { EntityManager } from 'typeorm';

/**
 * Writes down which commit a deployment is made of that was asked for by its branch alone.
 *
 * @returns false when the build is no longer this builder's
 */
export async function setCommit(
  manager: EntityManager,
  deploymentId: string,
  attempt: number,
  sha: string,
): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE deployments SET commit_sha = $3 WHERE id = $1 AND attempt = $2 AND status = 'building'`,
      [deploymentId, attempt, sha],
    ),
  );
}
