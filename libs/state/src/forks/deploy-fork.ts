import {
  type Cause,
  type DeliveryReason,
  type DeliveryResult,
  forkBranch,
  forkObstacle,
} from '@nexos/domain';
import { BranchEntity, type ProjectEntity, type Transaction } from '@nexos/database';
import { deployOnceResumed } from '../branches/ask-for-head.js';
import { deployToBranch } from '../branches/follow-branch.js';
import { lockBranch } from '../branches/lock-branch.js';
import { lockAccount } from '../quota/account-lock.js';
import { ruleOf } from '../pull-requests/open-pull-requests.js';

/** One commit of a fork's pull request. */
export interface ForkCommit {
  /** GitHub's id of the repository that the pull request would be merged into. */
  readonly repositoryId: string;
  readonly number: number;
  readonly sha: string;
}

interface ForkDeployment {
  readonly trigger: 'push' | 'rebuild';
  readonly cause: Cause;
}

interface Known {
  readonly state: 'open' | 'closed';
  readonly isDraft: boolean;
  readonly labels: string[];
  readonly headSha: string | null;
}

/**
 * Deploys a commit of a fork's pull request, if it is the newest, the project deploys forks, and somebody with write access
 * approved exactly this commit. Its environment has a name that no branch can have, and gets no secrets. Call it with the
 * project locked and active.
 */
export async function deployFork(
  transaction: Transaction,
  project: ProjectEntity,
  commit: ForkCommit,
  request: ForkDeployment,
  baseDomain: string,
): Promise<DeliveryResult> {
  if (project.pullRequestForks !== 'approved') return nothing('skipped', 'fork');
  const known = await knownPullRequest(transaction, commit);
  if (known?.state !== 'open' || known.headSha !== commit.sha) return nothing('ignored', 'older');
  const obstacle =
    project.deployOn === 'pull_request'
      ? forkObstacle({ ...known, isOwn: false, headIsBase: false }, ruleOf(project))
      : null;
  if (obstacle !== null) return nothing('skipped', obstacle);
  if (!(await isApproved(transaction, commit))) return nothing('skipped', 'not_approved');
  const branch = forkBranch(commit.number);
  if (project.pausedReason !== null) {
    await lockBranch(transaction, project.id, branch);
    await deployOnceResumed(transaction, project.id, branch);
    return nothing('skipped', project.pausedReason);
  }
  if (!project.autoDeploy) return nothing('ignored', 'auto_deploy_off');
  // Before the environment, as everything does that may need room in the quota.
  await lockAccount(transaction.manager, project.accountId);
  const done = request.trigger === 'rebuild' ? UNFINISHED : [...UNFINISHED, 'live'];
  if (await isLatest(transaction, project.id, branch, commit.sha, done)) {
    return nothing('ignored', 'deploys_already');
  }
  const source = { sha: commit.sha, message: null, author: null };
  const deploymentId = await deployToBranch(transaction, project, branch, source, request, baseDomain);
  await transaction.manager.update(
    BranchEntity,
    { projectId: project.id, name: branch },
    { deployDue: false, missingSince: null },
  );
  return { outcome: 'deployed', reason: null, deploymentId };
}

const UNFINISHED = ['queued', 'building', 'deploying'];

/** Returns whether somebody with write access has approved the commit, and nobody has withdrawn that. */
export async function isApproved(
  { manager }: Transaction,
  { repositoryId, number, sha }: ForkCommit,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM fork_approvals
     WHERE repository_id = $1 AND number = $2 AND commit_sha = $3 AND status = 'granted' LIMIT 1`,
    [repositoryId, number, sha],
  );
  return rows.length > 0;
}

/** Only what GitHub itself told counts: an account can sign anything for its own webhook. */
export async function knownPullRequest(
  { manager }: Transaction,
  { repositoryId, number }: Pick<ForkCommit, 'repositoryId' | 'number'>,
): Promise<Known | null> {
  const [row] = await manager.query<Known[]>(
    `SELECT state, is_draft AS "isDraft", labels, head_sha AS "headSha" FROM pull_requests
     WHERE project_id = '' AND repository_id = $1 AND number = $2 AND NOT is_own`,
    [repositoryId, number],
  );
  return row ?? null;
}

/** Returns whether the newest deployment of the environment is of this commit and has one of the statuses. */
async function isLatest(
  { manager }: Transaction,
  projectId: string,
  branch: string,
  sha: string,
  statuses: readonly string[],
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM environments environment JOIN deployments latest ON latest.id = environment.latest_deployment_id
     WHERE environment.project_id = $1 AND environment.branch = $2 AND latest.commit_sha = $3
       AND environment.status NOT IN ('destroying', 'destroyed') AND latest.status = ANY($4)
     FOR UPDATE OF environment`,
    [projectId, branch, sha, statuses],
  );
  return rows.length > 0;
}

function nothing(outcome: 'ignored' | 'skipped', reason: DeliveryReason): DeliveryResult {
  return { outcome, reason, deploymentId: null };
}
