import {
  type ActionFacts,
  type DesiredState,
  type EnvironmentAction,
  checkAction,
  forkPullRequest,
  isActive,
  isForkBranch,
  isNoCommit,
  pauseMessage,
} from '@nexos/domain';
import { ProjectEntity, type Transaction } from '@nexos/database';
import { excessOfBuildMinutes } from '../build-usage/build-minutes-excess.js';
import { queueDeployment } from '../deployments/transitions/queue.js';
import { isApproved } from '../forks/deploy-fork.js';
import { lockAccountOf, type LockedAccount } from '../quota/account-lock.js';
import { assertUsage, excessOfDeployment, throwIf } from '../quota/admission.js';
import { recordRequest } from './record-request.js';

/** The outcome of an action; `refused` holds the reason if it was refused. */
export interface ActionOutcome {
  readonly refused: string | null;
}

/** The outcome of a pause, resume, reset or rebuild. */
export interface EnvironmentActionOutcome extends ActionOutcome {
  /** Whether it was refused because the deploys of the project are paused. */
  readonly isPaused?: boolean;
}

interface Row extends ActionFacts {
  project_id: string;
  branch: string;
  head_sha: string | null;
}

/** What a rebuild needs of the project. */
type RebuiltProject = Pick<ProjectEntity, 'githubRepo' | 'pausedReason' | 'repositoryId'>;

/** SQL: the newest commit of a fork's environment that was built. */
const FORK_COMMIT = `(SELECT commit_sha FROM deployments
  WHERE environment_id = environment.id AND started_at IS NOT NULL ORDER BY id DESC LIMIT 1)`;

/**
 * Requests a pause, resume, reset or rebuild of an environment. Its row stays locked until the transaction ends, so
 * that the facts behind the decision still hold when it commits.
 *
 * @param actor who requests the action
 * @throws {QuotaExceededError} when a rebuild or resume needs more than the account may use
 */
export async function actOnEnvironment(
  transaction: Transaction,
  environmentId: string,
  action: EnvironmentAction,
  actor: string,
): Promise<EnvironmentActionOutcome> {
  const project = action === 'rebuild' ? await lockProject(transaction, environmentId) : null;
  if (project != null && project.pausedReason !== null) {
    return { refused: pauseMessage(project.pausedReason, project.githubRepo), isPaused: true };
  }
  const account = await lockAccountOf(transaction.manager, environmentId);
  const row = await lockRow(transaction, environmentId);
  const verdict = checkAction(action, row);
  if (verdict.kind === 'refuse') return { refused: verdict.reason };
  if (verdict.kind === 'same') return { refused: null };
  if (project != null && !(await mayRebuild(transaction, row, project))) {
    return { refused: forkRefusal(row.head_sha) };
  }
  switch (action) {
    case 'pause':
      await setDesiredState(transaction, environmentId, 'paused');
      await recordRequest(transaction, environmentId, 'pause', { actor, reason: 'requested' });
      break;
    case 'resume':
      await setDesiredState(transaction, environmentId, 'running');
      if (!isActive(row)) await assertUsage(transaction.manager, account, { environmentId });
      await recordRequest(transaction, environmentId, 'resume', { actor, reason: 'requested' });
      break;
    case 'reset':
      await requestNewDatabase(transaction, environmentId);
      await recordRequest(transaction, environmentId, 'reset', { actor, reason: 'requested' });
      break;
    case 'rebuild':
      await rebuild(transaction, account, { environmentId, row, actor });
  }
  return { refused: null };
}

/** Waits until a change of the project's repository has committed: before that, its branch heads are the old repository's. */
async function lockProject(
  { manager }: Transaction,
  environmentId: string,
): Promise<RebuiltProject | undefined> {
  const [project] = await manager.query<RebuiltProject[]>(
    `SELECT github_repo AS "githubRepo", paused_reason AS "pausedReason", repository_id AS "repositoryId" FROM projects
     WHERE id = (SELECT project_id FROM environments WHERE id = $1) FOR SHARE`,
    [environmentId],
  );
  return project;
}

async function lockRow({ manager }: Transaction, environmentId: string): Promise<Row> {
  const [row] = await manager.query<Row[]>(
    `SELECT environment.status, environment.desired_state AS "desiredState",
       environment.database_generation > environment.observed_database_generation AS "isResetting",
       environment.database_generation > environment.observed_database_generation
         AND environment.restored_generation IS NOT NULL AS "isRestoring",
       environment.asleep AS "isAsleep",
       environment.live_deployment_id IS NOT NULL AS "hasLiveVersion",
       coalesce(environment.failed_generation = environment.generation, false) AS "hasFailed",
       EXISTS (SELECT 1 FROM environment_services part
               WHERE part.environment_id = environment.id AND part.kind = 'postgres'
                 AND part.provisioned_at IS NOT NULL) AS "hasDatabase",
       environment.project_id, environment.branch,
       CASE WHEN environment.branch LIKE 'pull:%' THEN ${FORK_COMMIT} ELSE
         (SELECT head_sha FROM branches
          WHERE branches.project_id = environment.project_id AND branches.name = environment.branch) END AS head_sha
     FROM environments environment
     WHERE environment.id = $1 FOR UPDATE OF environment`,
    [environmentId],
  );
  if (row === undefined) throw new Error(`environment ${environmentId} does not exist`);
  return row;
}

async function setDesiredState(
  transaction: Transaction,
  environmentId: string,
  state: DesiredState,
): Promise<void> {
  await transaction.manager.query(
    `UPDATE environments SET desired_state = $2, asleep = false, generation = generation + 1 WHERE id = $1`,
    [environmentId, state],
  );
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
}

/** Does not ask for yet another database while the one that was asked for does not exist. */
async function requestNewDatabase(transaction: Transaction, environmentId: string): Promise<void> {
  await transaction.manager.query(
    `UPDATE environments SET database_generation = greatest(database_generation, observed_database_generation + 1),
       generation = generation + 1 WHERE id = $1`,
    [environmentId],
  );
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
}

/** Returns whether a rebuild may run what it would build: of a fork, only a commit whose approval still holds. */
async function mayRebuild(
  transaction: Transaction,
  { branch, head_sha: sha }: Row,
  { repositoryId }: RebuiltProject,
): Promise<boolean> {
  if (!isForkBranch(branch)) return true;
  const number = forkPullRequest(branch);
  if (number === null || sha === null || repositoryId === null) return false;
  return isApproved(transaction, { repositoryId, number, sha });
}

function forkRefusal(sha: string | null): string {
  const commit = sha === null ? 'The pull request' : `Commit ${sha.slice(0, 7)}`;
  return `${commit} has no valid approval: it was withdrawn, or is more than 30 days old. Approve the newest commit in a review on GitHub.`;
}

/** Queues a build of the branch's known head; if it is unknown, the builder asks the remote. */
async function rebuild(
  transaction: Transaction,
  account: LockedAccount,
  { environmentId, row, actor }: { environmentId: string; row: Row; actor: string },
): Promise<void> {
  const project = await transaction.manager.findOneByOrFail(ProjectEntity, { id: row.project_id });
  const head = row.head_sha === null || isNoCommit(row.head_sha) ? null : row.head_sha;
  const target = { project, environmentId, branch: row.branch };
  const commit = { sha: head, message: null, author: null };
  const cause = { actor, reason: 'rebuild' } as const;
  const deploymentId = await queueDeployment(transaction, target, commit, 'rebuild', cause);
  const { manager } = transaction;
  throwIf(await excessOfDeployment(manager, account, { deploymentId, isFirst: false }));
  throwIf(await excessOfBuildMinutes(manager, account));
}
