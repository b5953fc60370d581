import { cutText, systemCause, type Cause, isForkBranch, newId } from '@nexos/domain';
import {
  DeploymentEntity,
  type DeploymentTrigger,
  type ProjectEntity,
  type Transaction,
} from '@nexos/database';
import { deploymentSettings, forkProjectSettings, projectSources } from '@nexos/settings';
import { recordEvent } from '../../events/record-event.js';
import { COMMIT_MESSAGE_LIMIT } from '../commit-limits.js';
import { moveDeployments } from './move-deployments.js';
import { takePlace } from './take-place.js';

/** The commit of a deployment. */
export interface Commit {
  /** Null for the branch's head at the time of the build. */
  readonly sha: string | null;
  readonly message: string | null;
  readonly author: string | null;
}

/**
 * Queues a deployment of a commit. The latest wins: the environment's queued deployment is superseded at once, and
 * its running build once this deployment has waited for a while. It takes the place of the queued one, so that an environment
 * with many pushes is built as soon as others. Call it with the environment locked.
 *
 * @param cause who requested the deployment, and why
 * @returns the deployment's id
 */
export async function queueDeployment(
  transaction: Transaction,
  target: { project: ProjectEntity; environmentId: string; branch: string },
  commit: Commit,
  trigger: Exclude<DeploymentTrigger, 'rollback'>,
  cause: Cause,
): Promise<string> {
  const { manager } = transaction;
  const { project, environmentId, branch } = target;
  const id = newId('deployment');
  const settings = isForkBranch(branch) ? forkProjectSettings(project.settings) : project.settings;
  const [superseded] = await moveDeployments(transaction, 'superseded', {
    from: ['queued'],
    where: 'deployment.environment_id = :environmentId',
    parameters: { environmentId },
    cause: { actor: cause.actor, reason: 'newer_deployment' },
    data: { by: id },
  });
  await manager.insert(DeploymentEntity, {
    id,
    projectId: project.id,
    environmentId,
    trigger,
    status: 'queued',
    branch,
    commitSha: commit.sha,
    commitMessage: commit.message === null ? null : cutText(commit.message, COMMIT_MESSAGE_LIMIT),
    commitAuthor: commit.author,
    settings: deploymentSettings(settings),
    settingSources: projectSources(settings),
  });
  if (superseded !== undefined) await takePlace(manager, id, superseded.id);
  await recordQueued(transaction, id, cause);
  await manager.query('UPDATE environments SET latest_deployment_id = $2 WHERE id = $1', [environmentId, id]);
  transaction.enqueue({ queue: 'build', name: 'build-deployment', payload: { deploymentId: id } });
  return id;
}

/**
 * Queues a rollout of an earlier deployment's image, without a build. It supersedes the environment's
 * unfinished deployments at once. Call it with the environment locked.
 *
 * @returns the new deployment's id
 */
export async function queueRollback(
  transaction: Transaction,
  environmentId: string,
  targetId: string,
  actor: string,
): Promise<string> {
  const { manager } = transaction;
  const id = newId('deployment');
  await moveDeployments(transaction, 'superseded', {
    where: 'deployment.environment_id = :environmentId',
    parameters: { environmentId },
    cause: { actor, reason: 'rollback' },
    data: { by: id },
  });
  await manager.query(
    `INSERT INTO deployments (id, project_id, environment_id, trigger, status, branch, commit_sha, commit_message,
       commit_author, image_id, container_image_ids, seed_image_id, hook_image_id, image_node_id, spec, setting_sources)
     SELECT $1, project_id, environment_id, 'rollback', 'queued', branch, commit_sha, commit_message,
       commit_author, image_id, container_image_ids, seed_image_id, hook_image_id, image_node_id, spec, setting_sources
     FROM deployments WHERE id = $2`,
    [id, targetId],
  );
  await recordQueued(transaction, id, { actor, reason: 'rollback' });
  await moveDeployments(transaction, 'deploying', {
    from: ['queued'],
    where: 'deployment.id = :id',
    parameters: { id },
    cause: systemCause(),
  });
  await manager.query(
    `UPDATE environments SET desired_deployment_id = $2, latest_deployment_id = $2, generation = generation + 1
     WHERE id = $1`,
    [environmentId, id],
  );
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
  return id;
}

function recordQueued(transaction: Transaction, deploymentId: string, cause: Cause): Promise<void> {
  const data = { from: null, to: 'queued' } as const;
  return recordEvent(transaction, {
    of: 'deployment',
    subjectId: deploymentId,
    type: 'status',
    data,
    cause,
  });
}

/** Enqueues the environment's queued build. Builds run one at a time per environment, so call it when one ends. */
export async function enqueueNextBuild(transaction: Transaction, environmentId: string): Promise<void> {
  const rows = await transaction.manager.query<{ id: string }[]>(
    `SELECT id FROM deployments WHERE environment_id = $1 AND status = 'queued'`,
    [environmentId],
  );
  for (const { id } of rows) {
    transaction.enqueue({ queue: 'build', name: 'build-deployment', payload: { deploymentId: id } });
  }
}
