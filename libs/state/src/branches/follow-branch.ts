import { type Cause, QuotaExceededError } from '@nexos/domain';
import { type ProjectEntity, type Transaction } from '@nexos/database';
import { excessOfBuildMinutes } from '../build-usage/build-minutes-excess.js';
import { failOverQuota } from '../deployments/transitions/fail-over-quota.js';
import { queueDeployment, type Commit } from '../deployments/transitions/queue.js';
import { createEnvironment } from '../environments/transitions/create.js';
import { destroyEnvironment } from '../environments/transitions/destroy.js';
import { lockAccount } from '../quota/account-lock.js';
import { excessOfDeployment } from '../quota/admission.js';

/** The reason for a deployment and the actor who requested it. */
export interface DeploymentRequest {
  readonly trigger: 'push' | 'rebuild' | 'api';
  readonly cause: Cause;
}

/**
 * Deploys a commit to the branch's environment, creating it if necessary. The caller has locked the project and
 * checked that it is active: a project that is being deleted must not get another environment.
 *
 * Reserves what the deployment needs. Without room in the quota, the deployment of a push fails with `quota_exceeded`.
 *
 * @returns the deployment's id
 * @throws {QuotaExceededError} for the trigger `api`, whose caller is told at once
 */
export async function deployToBranch(
  transaction: Transaction,
  project: ProjectEntity,
  branch: string,
  commit: Commit,
  { trigger, cause }: DeploymentRequest,
  baseDomain: string,
): Promise<string> {
  const { manager } = transaction;
  const account = await lockAccount(manager, project.accountId);
  const existing = await lockEnvironmentOfBranch(transaction, project.id, branch);
  const environmentId =
    existing ?? (await createEnvironment(transaction, project, branch, baseDomain, cause));
  const target = { project, environmentId, branch };
  const deploymentId = await queueDeployment(transaction, target, commit, trigger, cause);
  const queued = { deploymentId, isFirst: existing === null };
  const excess =
    (await excessOfDeployment(manager, account, queued)) ?? (await excessOfBuildMinutes(manager, account));
  if (excess === null) return deploymentId;
  if (trigger === 'api') throw new QuotaExceededError(excess);
  await failOverQuota(transaction, { deploymentId, environmentId }, excess);
  return deploymentId;
}

/** Destroys the environment of a branch, if it has one; returns whether it had. */
export async function destroyBranch(
  transaction: Transaction,
  projectId: string,
  branch: string,
  cause: Cause,
): Promise<boolean> {
  const environmentId = await lockEnvironmentOfBranch(transaction, projectId, branch);
  return environmentId !== null && destroyEnvironment(transaction, environmentId, cause);
}

/** Returns whether the newest deployment of the branch's environment is of this commit, whatever became of it. */
export async function isDeployed(
  { manager }: Transaction,
  projectId: string,
  branch: string,
  sha: string,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM environments environment JOIN deployments latest ON latest.id = environment.latest_deployment_id
     WHERE environment.project_id = $1 AND environment.branch = $2
       AND environment.status NOT IN ('destroying', 'destroyed') AND latest.commit_sha = $3`,
    [projectId, branch, sha],
  );
  return rows.length > 0;
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
