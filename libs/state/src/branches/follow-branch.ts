import type { Cause } from '@nexos/domain';
import { type ProjectEntity, type Transaction } from '@nexos/database';
import { queueDeployment, type Commit } from '../deployments/transitions/queue.js';
import { createEnvironment } from '../environments/transitions/create.js';
import { destroyEnvironment } from '../environments/transitions/destroy.js';

/** The reason for a deployment and the actor who requested it. */
export interface DeploymentRequest {
  readonly trigger: 'push' | 'api';
  readonly cause: Cause;
}

/**
 * Deploys a commit to the branch's environment, creating it if necessary. The caller has locked the project and
 * checked that it is active: a project that is being deleted must not get another environment.
 *
 * @returns the deployment's id
 */
export async function deployToBranch(
  transaction: Transaction,
  project: ProjectEntity,
  branch: string,
  commit: Commit,
  { trigger, cause }: DeploymentRequest,
  baseDomain: string,
): Promise<string> {
  const environmentId =
    (await lockEnvironmentOfBranch(transaction, project.id, branch)) ??
    (await createEnvironment(transaction, project, branch, baseDomain, cause));
  const target = { project, environmentId, branch };
  return queueDeployment(transaction, target, commit, trigger, cause);
}

/** Destroys the environment of a deleted branch; returns whether one existed. */
export async function destroyBranch(
  transaction: Transaction,
  projectId: string,
  branch: string,
  actor: string,
): Promise<boolean> {
  const environmentId = await lockEnvironmentOfBranch(transaction, projectId, branch);
  const cause = { actor, reason: 'branch_deleted' } as const;
  return environmentId !== null && destroyEnvironment(transaction, environmentId, cause);
}

/** Locks the environment of the branch, and returns its id; null when the branch has none. */
async function lockEnvironmentOfBranch(
  { manager }: Transaction,
  projectId: string,
  branch: string,
): Promise<string | null> {
  const [row] = await manager.query<{ id: string }[]>(
    `SELECT id FROM environments
     WHERE project_id = $1 AND branch = $2 AND status NOT IN ('destroying', 'destroyed') FOR UPDATE`,
    [projectId, branch],
  );
  return row?.id ?? null;
}
