import {
  type Cause,
  comparePush,
  type DeliveryReason,
  type DeliveryResult,
  GITHUB_ACTOR,
  hasSkipMark,
  isBranchSelected,
  NO_COMMIT,
  type PushMove,
  type PushVerdict,
} from '@nexos/domain';
import { BranchEntity, ProjectEntity, type Transaction } from '@nexos/database';
import type { Commit } from '../deployments/transitions/queue.js';
import { wantSkipReport } from '../github-reports/wanted-reports.js';
import { settleOutcomes } from '../deliveries/settle-outcomes.js';
import { ruleObstacle } from '../pull-requests/open-pull-requests.js';
import { askAboutBranches, deployOnceResumed } from './ask-for-head.js';
import { deployToBranch, destroyBranch, isDeployed } from './follow-branch.js';
import { lockBranch } from './lock-branch.js';

const MAX_CLOCK_SKEW_MS = 60_000;

export interface BranchMove extends PushMove {
  readonly branch: string;
  /** The new head commit; null when the branch was deleted. */
  readonly commit: Commit | null;
}

/** Options for applying a push. */
export interface ApplyPushOptions {
  /** Applies the push even if it is older than the branch's known head. */
  readonly force: boolean;
  /** The API key or session that replayed the delivery; null for its first processing. */
  readonly replayedBy: string | null;
  /** GitHub's id of the repository, if the delivery tells; by default the one that the project knows. */
  readonly repositoryId?: string | null;
}

const DEFAULT_OPTIONS: ApplyPushOptions = { force: false, replayedBy: null };

/**
 * Applies a push to a branch of a project, if it is newer than the branch's known head. If the order is unknown,
 * marks the branch as in doubt and enqueues a lookup of the remote. Call it with the project locked and active.
 */
export async function applyPush(
  transaction: Transaction,
  project: ProjectEntity,
  move: BranchMove,
  baseDomain: string,
  { force, replayedBy, repositoryId = null }: ApplyPushOptions = DEFAULT_OPTIONS,
): Promise<DeliveryResult> {
  const { row, isNew } = await lockBranch(transaction, project.id, move.branch);
  const cause: Cause =
    replayedBy === null ? { actor: GITHUB_ACTOR, reason: 'push' } : { actor: replayedBy, reason: 'replay' };
  const follow: Follow = { project, repositoryId: repositoryId ?? project.repositoryId, baseDomain, cause };
  switch (force ? 'newer' : verdictOn(isNew ? null : row, move)) {
    case 'older':
      return ignored('older');
    case 'same':
      await keepNewerTime(transaction, row, move);
      return ignored('same_commit');
    case 'in-doubt':
      await transaction.manager.update(BranchEntity, row.id, {
        inDoubtSince: () => 'now()',
        doubtedPushedAt: later(row.doubtedPushedAt, move.pushedAt),
      });
      askAboutBranches(transaction, project);
      return { outcome: 'in-doubt', reason: 'order_unknown', deploymentId: null };
    case 'newer':
      if (force) return forcePush(transaction, row, move, follow);
      // A push newer than the head may still be older than the one in doubt, so the lookup is still needed.
      if (row.inDoubtSince !== null) askAboutBranches(transaction, project);
      return moveBranch(transaction, row, move, follow);
  }
}

/**
 * Applies a push without comparing it with its branch. This ends a doubt: the result of an earlier lookup must not undo
 * the push. The branch keeps its time, so that pushes between the forced one and now do not look newer.
 */
async function forcePush(
  transaction: Transaction,
  row: BranchEntity,
  move: BranchMove,
  follow: Follow,
): Promise<DeliveryResult> {
  const pushedAt = later(later(row.pushedAt, row.doubtedPushedAt), move.pushedAt);
  if (row.inDoubtSince !== null) {
    const settled = { inDoubtSince: null, doubtedPushedAt: null, deployDue: false };
    await transaction.manager.update(BranchEntity, row.id, settled);
  }
  const result = await moveBranch(transaction, row, { ...move, pushedAt }, follow);
  if (row.inDoubtSince !== null) await settleDeliveries(transaction, row, move.commit?.sha ?? null, result);
  return result;
}

function settleDeliveries(
  transaction: Transaction,
  { projectId, name }: BranchEntity,
  commitSha: string | null,
  result: DeliveryResult,
): Promise<void> {
  return settleOutcomes(transaction, { projectId, branch: name, commitSha, result });
}

function verdictOn(row: BranchEntity | null, move: BranchMove): PushVerdict {
  if (row === null) return comparePush(null, move);
  const verdict = comparePush({ sha: row.headSha, before: row.beforeSha, pushedAt: row.pushedAt }, move);
  return verdict === 'newer' && mayPredateLookup(row, move) ? 'in-doubt' : verdict;
}

function ignored(reason: DeliveryReason): DeliveryResult {
  return { outcome: 'ignored', reason, deploymentId: null };
}

function skipped(reason: DeliveryReason): DeliveryResult {
  return { outcome: 'skipped', reason, deploymentId: null };
}

/**
 * Settles a doubt: moves the branch to the head that the remote reported.
 *
 * @param row the branch as it was when the lookup began
 * @param lookup.headWhenAsked the head of the branch at that time
 * @param lookup.tip the head that the remote reported; null when the remote has no such branch
 * @param lookup.commit what a delivery says about that commit, if one does
 * @returns false when a push was applied since then: the result may be stale, and the lookup must be repeated
 */
export async function settleDoubt(
  transaction: Transaction,
  row: BranchEntity,
  lookup: { headWhenAsked: string; tip: string | null; commit?: Commit | null },
  baseDomain: string,
): Promise<boolean> {
  const { manager } = transaction;
  // Lock the project before the branch, as deliveries do. Its settings may have changed during the lookup.
  const project = await manager.findOne(ProjectEntity, {
    where: { id: row.projectId, status: 'active' },
    lock: { mode: 'pessimistic_read' },
  });
  if (project === null) return true;
  const current = await manager.findOne(BranchEntity, {
    where: { id: row.id },
    lock: { mode: 'pessimistic_write' },
  });
  // The branch no longer exists if its project moved to another repository in the meantime.
  if (current === null) return true;
  if (current.inDoubtSince === null) return true;
  if (current.headSha !== lookup.headWhenAsked) return false;
  if (current.inDoubtSince.getTime() !== row.inDoubtSince?.getTime()) return false;
  const after = lookup.tip ?? NO_COMMIT;
  const pushedAt = later(current.pushedAt, current.doubtedPushedAt);
  await manager.update(BranchEntity, row.id, {
    inDoubtSince: null,
    doubtedPushedAt: null,
    deployDue: false,
    askedAt: () => 'now()',
    pushedAt,
  });
  const known = lookup.commit ?? { message: null, author: null };
  const commit = lookup.tip === null ? null : { ...known, sha: lookup.tip };
  const move = { branch: row.name, before: current.headSha, after, pushedAt, commit };
  const isForPullRequest = current.deployDue && project.deployOn === 'pull_request';
  const cause = { actor: GITHUB_ACTOR, reason: isForPullRequest ? 'pull_request' : 'push' } as const;
  const follow: Follow = { project, repositoryId: project.repositoryId, baseDomain, cause };
  const result =
    after === current.headSha
      ? await stayAtHead(transaction, current, commit, follow)
      : await moveBranch(transaction, current, move, follow);
  await settleDeliveries(transaction, current, lookup.tip, result);
  return true;
}

/** The project whose environment follows the branch, and why it does. */
interface Follow {
  readonly project: ProjectEntity;
  /** GitHub's id of its repository, if it is known. */
  readonly repositoryId: string | null;
  readonly baseDomain: string;
  readonly cause: Cause;
}

/** Deploys the known head of a branch if that is due and has not happened since. */
async function stayAtHead(
  transaction: Transaction,
  row: BranchEntity,
  commit: (Commit & { readonly sha: string }) | null,
  follow: Follow,
): Promise<DeliveryResult> {
  if (commit === null) return ignored('no_environment');
  const isDone = !row.deployDue || (await isDeployed(transaction, row.projectId, row.name, commit.sha));
  return isDone ? ignored('same_commit') : deployHead(transaction, row.name, commit, follow);
}

/** Moves a branch, and deploys to its environment if the project deploys pushes to the branch. */
async function moveBranch(
  transaction: Transaction,
  row: BranchEntity,
  move: BranchMove,
  follow: Follow,
): Promise<DeliveryResult> {
  await transaction.manager.update(BranchEntity, row.id, {
    headSha: move.after,
    beforeSha: move.before ?? row.headSha,
    pushedAt: move.pushedAt,
    missingSince: null,
  });
  if (move.commit === null) {
    const cause = { actor: follow.cause.actor, reason: 'branch_deleted' } as const;
    const existed = await destroyBranch(transaction, row.projectId, row.name, cause);
    return existed ? { outcome: 'destroyed', reason: null, deploymentId: null } : ignored('no_environment');
  }
  return deployHead(transaction, row.name, { ...move.commit, sha: move.after }, follow);
}

/** Deploys the head of a branch, if the project deploys pushes to it. */
async function deployHead(
  transaction: Transaction,
  branch: string,
  commit: Commit & { readonly sha: string },
  { project, repositoryId, baseDomain, cause }: Follow,
): Promise<DeliveryResult> {
  if (!project.autoDeploy) return ignored('auto_deploy_off');
  const filter = { include: project.branchInclude, exclude: project.branchExclude };
  if (!isBranchSelected(filter, branch)) return ignored('branch_filter');
  if (project.pausedReason !== null) {
    await deployOnceResumed(transaction, project.id, branch);
    return skipped(project.pausedReason);
  }
  const reason = hasSkipMark(commit.message)
    ? 'skip_mark'
    : await ruleObstacle(transaction.manager, project, repositoryId, branch);
  if (reason !== null) {
    await wantSkipReport(transaction, project.id, branch, { commitSha: commit.sha, reason });
    return skipped(reason);
  }
  const request = { trigger: 'push', cause } as const;
  const deploymentId = await deployToBranch(transaction, project, branch, commit, request, baseDomain);
  return { outcome: 'deployed', reason: null, deploymentId };
}

async function keepNewerTime({ manager }: Transaction, row: BranchEntity, move: BranchMove): Promise<void> {
  if (move.pushedAt === null || (row.pushedAt !== null && row.pushedAt >= move.pushedAt)) return;
  await manager.update(BranchEntity, row.id, {
    ...(move.before === null ? {} : { beforeSha: move.before }),
    pushedAt: move.pushedAt,
  });
}

/**
 * Reports whether a push may be older than the head that the last lookup returned: the remote may have had this push,
 * and later ones, at that time. Because its clock may differ from ours, only a push from well after the lookup, or
 * one that follows directly on the known head, is surely newer.
 */
function mayPredateLookup(row: BranchEntity, move: BranchMove): boolean {
  if (row.askedAt === null || move.before === row.headSha) return false;
  return move.pushedAt === null || move.pushedAt.getTime() <= row.askedAt.getTime() + MAX_CLOCK_SKEW_MS;
}

function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
