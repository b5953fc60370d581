import {
  type Cause,
  type DeliveryReason,
  type DeliveryResult,
  forkPullRequest,
  isNoCommit,
} from '@nexos/domain';
import { BranchEntity, type ProjectEntity, type Transaction } from '@nexos/database';
import { deployToBranch } from '../branches/follow-branch.js';
import { deployFork } from '../forks/deploy-fork.js';
import { lockAccount } from '../quota/account-lock.js';
import type { Commit } from '../deployments/transitions/queue.js';

/** Checks of a commit that are to run again. */
export interface RerunRequest {
  readonly commitSha: string;
  /** Our own id of one check; null for all checks of the commit. */
  readonly externalId: string | null;
  /** GitHub's id of the repository; null when the delivery does not tell. */
  readonly repositoryId: string | null;
  readonly cause: Cause;
}

/** The branches that the checks of a commit are about: those of deployments, and those of skipped pushes. */
const BRANCHES_OF_COMMIT = `
  SELECT branch FROM deployments WHERE project_id = $1 AND commit_sha = $2
  UNION
  SELECT branch FROM github_reports WHERE project_id = $1 AND kind = 'skip' AND skipped ->> 'commitSha' = $2
  ORDER BY branch`;

/** The branch of one check of the commit, by our id of it. */
const BRANCH_OF_CHECK = `
  SELECT branch FROM deployments WHERE id = $3 AND project_id = $1 AND commit_sha = $2
  UNION
  SELECT branch FROM github_reports
  WHERE kind = 'skip' AND subject = $3 AND project_id = $1 AND skipped ->> 'commitSha' = $2`;

/**
 * Deploys the commit of checks again, to each branch whose newest commit it still is. Skipped pushes are deployed too, and
 * settings that keep pushes from being deployed do not count: a user asked for it. Call it with the project locked and
 * active.
 */
export async function rerunChecks(
  transaction: Transaction,
  project: ProjectEntity,
  { commitSha, externalId, repositoryId, cause }: RerunRequest,
  baseDomain: string,
): Promise<DeliveryResult> {
  if (project.pausedReason !== null) {
    return { outcome: 'skipped', reason: project.pausedReason, deploymentId: null };
  }
  const branches = await branchesOf(transaction, project.id, commitSha, externalId);
  const results: DeliveryResult[] = [];
  for (const { branch } of branches) {
    const number = forkPullRequest(branch);
    const id = repositoryId ?? project.repositoryId;
    if (number === null) {
      results.push(await rerun(transaction, project, branch, { commitSha, cause }, baseDomain));
    } else if (id !== null) {
      const commit = { repositoryId: id, number, sha: commitSha };
      const request = { trigger: 'rebuild', cause } as const;
      results.push(await deployFork(transaction, project, commit, request, baseDomain));
    }
  }
  return results.find(({ outcome }) => outcome === 'deployed') ?? results[0] ?? ignored('unknown_check');
}

function branchesOf(
  { manager }: Transaction,
  projectId: string,
  commitSha: string,
  externalId: string | null,
): Promise<{ branch: string }[]> {
  return externalId === null
    ? manager.query(BRANCHES_OF_COMMIT, [projectId, commitSha])
    : manager.query(BRANCH_OF_CHECK, [projectId, commitSha, externalId]);
}

async function rerun(
  transaction: Transaction,
  project: ProjectEntity,
  branch: string,
  { commitSha, cause }: Pick<RerunRequest, 'commitSha' | 'cause'>,
  baseDomain: string,
): Promise<DeliveryResult> {
  const { manager } = transaction;
  const row = await manager.findOne(BranchEntity, {
    where: { projectId: project.id, name: branch },
    lock: { mode: 'pessimistic_write' },
  });
  // Before the environment, as everything does that may need room in the quota.
  await lockAccount(manager, project.accountId);
  const latest = await lockLatest(transaction, project.id, branch);
  if ((row?.headSha ?? latest?.commitSha) !== commitSha || isNoCommit(commitSha)) return ignored('older');
  if (latest?.commitSha === commitSha && latest.isUnfinished) return ignored('deploys_already');
  const commit = await knownCommit(transaction, project.id, branch, commitSha);
  const request = { trigger: 'rebuild', cause } as const;
  const deploymentId = await deployToBranch(transaction, project, branch, commit, request, baseDomain);
  return { outcome: 'deployed', reason: null, deploymentId };
}

/** Locks the environment of a branch, and returns its newest deployment; null when there is none. */
async function lockLatest({ manager }: Transaction, projectId: string, branch: string) {
  const [row] = await manager.query<{ commitSha: string | null; isUnfinished: boolean }[]>(
    `SELECT latest.commit_sha AS "commitSha", latest.status IN ('queued', 'building', 'deploying') AS "isUnfinished"
     FROM environments environment JOIN deployments latest ON latest.id = environment.latest_deployment_id
     WHERE environment.project_id = $1 AND environment.branch = $2
       AND environment.status NOT IN ('destroying', 'destroyed')
     FOR UPDATE OF environment`,
    [projectId, branch],
  );
  return row ?? null;
}

/** Returns a commit with what an earlier deployment of it knows. */
async function knownCommit(
  { manager }: Transaction,
  projectId: string,
  branch: string,
  sha: string,
): Promise<Commit> {
  const [row] = await manager.query<Commit[]>(
    `SELECT commit_sha AS sha, commit_message AS message, commit_author AS author FROM deployments
     WHERE project_id = $1 AND branch = $2 AND commit_sha = $3 ORDER BY id DESC LIMIT 1`,
    [projectId, branch, sha],
  );
  return row ?? { sha, message: null, author: null };
}

function ignored(reason: DeliveryReason): DeliveryResult {
  return { outcome: 'ignored', reason, deploymentId: null };
}
