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
import { settleOutcomes } from '../deliveries/settle-outcomes.js';
import { deployToBranch, destroyBranch } from './follow-branch.js';

const MAX_CLOCK_SKEW_MS = 60_000;
const BRANCH_COLUMNS = `id, project_id AS "projectId", name, head_sha AS "headSha", before_sha AS "beforeSha",
  pushed_at AS "pushedAt", in_doubt_since AS "inDoubtSince", doubted_pushed_at AS "doubtedPushedAt",
  asked_at AS "askedAt"`;

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
  { force, replayedBy }: ApplyPushOptions = DEFAULT_OPTIONS,
): Promise<DeliveryResult> {
  const { row, isNew } = await lockBranch(transaction, project.id, move);
  const lookUp = () => {
    const payload = { repository: project.repositoryKey };
    transaction.enqueue({ queue: 'branches', name: 'look-up-branches', payload });
  };
  const follow: Follow = { project, baseDomain, replayedBy };
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
      lookUp();
      return { outcome: 'in-doubt', reason: 'order_unknown', deploymentId: null };
    case 'newer':
      if (force) return forcePush(transaction, row, move, follow);
      // A push newer than the head may still be older than the one in doubt, so the lookup is still needed.
      if (row.inDoubtSince !== null) lookUp();
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
    await transaction.manager.update(BranchEntity, row.id, { inDoubtSince: null, doubtedPushedAt: null });
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
    askedAt: () => 'now()',
    pushedAt,
  });
  const known = lookup.commit ?? { message: null, author: null };
  const commit = lookup.tip === null ? null : { ...known, sha: lookup.tip };
  const move = { branch: row.name, before: current.headSha, after, pushedAt, commit };
  const result =
    after === current.headSha
      ? ignored(commit === null ? 'no_environment' : 'same_commit')
      : await moveBranch(transaction, current, move, { project, baseDomain, replayedBy: null });
  await settleDeliveries(transaction, current, lookup.tip, result);
  return true;
}

/** The project whose environment follows the branch, and who replayed the delivery, if anybody did. */
interface Follow {
  readonly project: ProjectEntity;
  readonly baseDomain: string;
  readonly replayedBy: string | null;
}

/** Moves a branch, and deploys to its environment if the project deploys pushes to the branch. */
async function moveBranch(
  transaction: Transaction,
  row: BranchEntity,
  move: BranchMove,
  { project, baseDomain, replayedBy }: Follow,
): Promise<DeliveryResult> {
  await transaction.manager.update(BranchEntity, row.id, {
    headSha: move.after,
    beforeSha: move.before ?? row.headSha,
    pushedAt: move.pushedAt,
  });
  if (move.commit === null) {
    const existed = await destroyBranch(transaction, project.id, row.name, replayedBy ?? GITHUB_ACTOR);
    return existed ? { outcome: 'destroyed', reason: null, deploymentId: null } : ignored('no_environment');
  }
  if (!project.autoDeploy) return ignored('auto_deploy_off');
  const filter = { include: project.branchInclude, exclude: project.branchExclude };
  if (!isBranchSelected(filter, row.name)) return ignored('branch_filter');
  if (hasSkipMark(move.commit.message)) {
    return { outcome: 'skipped', reason: 'skip_mark', deploymentId: null };
  }
  const cause: Cause =
    replayedBy === null ? { actor: GITHUB_ACTOR, reason: 'push' } : { actor: replayedBy, reason: 'replay' };
  const request = { trigger: 'push', cause } as const;
  const deploymentId = await deployToBranch(transaction, project, row.name, move.commit, request, baseDomain);
  return { outcome: 'deployed', reason: null, deploymentId };
}

/** Finds or inserts the branch's row and locks it, so that pushes to one branch are applied one at a time. */
async function lockBranch(
  { manager }: Transaction,
  projectId: string,
  move: BranchMove,
): Promise<{ row: BranchEntity; isNew: boolean }> {
  // The update changes nothing: it locks the row, and returns it as the previous transaction left it.
  const [found] = await manager.query<(BranchEntity & { isNew: boolean })[]>(
    `INSERT INTO branches AS branch (project_id, name, head_sha, before_sha) VALUES ($1, $2, $3, $3)
     ON CONFLICT (project_id, name) DO UPDATE SET name = branch.name
     RETURNING ${BRANCH_COLUMNS}, xmax = 0 AS "isNew"`,
    [projectId, move.branch, NO_COMMIT],
  );
  if (found === undefined)
    throw new Error(`the branch ${move.branch} of ${projectId} was neither found nor inserted`);
  const { isNew, ...columns } = found;
  return { row: manager.create(BranchEntity, columns), isNew };
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
