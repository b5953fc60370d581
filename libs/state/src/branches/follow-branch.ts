import { newId } from '@nexos/domain';
import {
  type DeploymentTrigger,
  EnvironmentEntity,
  type ProjectEntity,
  type Transaction,
} from '@nexos/database';
import { queueDeployment, type Commit } from '../deployments/queue-deployment.js';
import { allocateHostname } from '../environments/allocate-hostname.js';
import { destroyEnvironment } from '../environments/destroy-environment.js';

/**
 * Deploys a commit to the branch's environment, which is made when there is none.
 *
 * @returns the deployment's id; null when the project is being deleted
 */
export async function deployToBranch(
  transaction: Transaction,
  project: ProjectEntity,
  branch: string,
  commit: Commit,
  trigger: DeploymentTrigger,
  baseDomain: string,
): Promise<string | null> {
  if (!(await staysActive(transaction, project.id))) return null;
  const environmentId =
    (await presentEnvironment(transaction, project.id, branch)) ??
    (await createEnvironment(transaction, project, branch, baseDomain));
  const target = { project, environmentId, branch };
  return queueDeployment(transaction, target, commit, trigger);
}

/** Destroys the environment of a branch that is gone; answers whether there was one. */
export async function destroyBranch(
  transaction: Transaction,
  projectId: string,
  branch: string,
): Promise<boolean> {
  const environmentId = await presentEnvironment(transaction, projectId, branch);
  return environmentId !== null && destroyEnvironment(transaction, environmentId);
}

/** Whether the project is active, and stays so until the transaction ends. */
async function staysActive({ manager }: Transaction, projectId: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM projects WHERE id = $1 AND status = 'active' FOR SHARE`,
    [projectId],
  );
  return rows.length > 0;
}

async function presentEnvironment(
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

async function createEnvironment(
  { manager }: Transaction,
  project: ProjectEntity,
  branch: string,
  baseDomain: string,
): Promise<string> {
  const id = newId('environment');
  const hostname = await allocateHostname(manager, { id, branch }, project, baseDomain);
  await manager.insert(EnvironmentEntity, {
    id,
    projectId: project.id,
    branch,
    hostname,
    status: 'pending',
    desiredState: 'running',
    generation: '0',
  });
  return id;
}
