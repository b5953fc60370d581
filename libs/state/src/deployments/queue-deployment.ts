import { newId } from '@nexos/domain';
import {
  DeploymentEntity,
  type DeploymentTrigger,
  type ProjectEntity,
  type Transaction,
} from '@nexos/database';
import { specOf } from './spec-of.js';

/** The commit that a deployment is made of. */
export interface Commit {
  /** Null: whatever the branch leads to when it is built. */
  readonly sha: string | null;
  readonly message: string | null;
  readonly author: string | null;
}

/**
 * Queues a deployment of a commit. Latest wins: what the environment had waiting is superseded at once, and its
 * builder gives up what it is building once this one has waited for a while.
 *
 * @returns the deployment's id
 */
export async function queueDeployment(
  transaction: Transaction,
  target: { project: ProjectEntity; environmentId: string; branch: string },
  commit: Commit,
  trigger: DeploymentTrigger,
): Promise<string> {
  const { manager } = transaction;
  const { project, environmentId, branch } = target;
  const id = newId('deployment');
  await manager.query(
    `UPDATE deployments SET status = 'superseded', finished_at = now()
     WHERE environment_id = $1 AND status = 'queued'`,
    [environmentId],
  );
  await manager.insert(DeploymentEntity, {
    id,
    projectId: project.id,
    environmentId,
    trigger,
    status: 'queued',
    branch,
    commitSha: commit.sha,
    commitMessage: commit.message,
    commitAuthor: commit.author,
    spec: specOf(project),
  });
  await manager.query('UPDATE environments SET latest_deployment_id = $2 WHERE id = $1', [environmentId, id]);
  transaction.enqueue({ queue: 'build', name: 'build-deployment', payload: { deploymentId: id } });
  return id;
}
