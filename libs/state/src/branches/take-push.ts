import { comparePush, GITHUB_ACTOR, isBranchSelected, NO_COMMIT, type PushMove } from '@nexos/domain';
import { BranchEntity, type ProjectEntity, type Transaction } from '@nexos/database';
import type { Commit } from '../deployments/transitions/queue.js';
import { deployToBranch, destroyBranch } from './follow-branch.js';

const CLOCKS_DIFFER_MS = 60_000;

/** What became of one push in one project. */
export type PushOutcome = 'deployed' | 'destroyed' | 'ignored' | 'in-doubt';

export interface BranchMove extends PushMove {
  readonly branch: string;
  /** What the branch now leads to; null when it was deleted. */
  readonly commit: Commit | null;
}

/**
 * Applies a push to a branch of a project, if it is newer than what the branch is known to be at. When that
 * cannot be told, the remote will be asked.
 */
export async function takePush(
  transaction: Transaction,
  project: ProjectEntity,
  move: BranchMove,
  baseDomain: string,
): Promise<PushOutcome> {
  const { row, isNew } = await lockBranch(transaction, project.id, move);
  const head = { sha: row.headSha, before: row.beforeSha, pushedAt: row.pushedAt };
  const verdict = comparePush(isNew ? null : head, move);
  switch (verdict === 'newer' && mayBeOlderThanSeen(row, move) ? 'in-doubt' : verdict) {
    case 'older':
      return 'ignored';
    case 'same':
      await keepNewerTime(transaction, row, move);
      return 'ignored';
    case 'in-doubt':
      await transaction.manager.update(BranchEntity, row.id, {
        inDoubtSince: () => 'now()',
        doubtedPushedAt: later(row.doubtedPushedAt, move.pushedAt),
      });
      transaction.enqueue({ queue: 'branches', name: 'follow-branch', payload: { branchId: row.id } });
      return 'in-doubt';
    case 'newer':
      // A push that is newer than the head may still be older than the one in doubt: the remote is asked all the same.
      if (row.inDoubtSince !== null) {
        transaction.enqueue({ queue: 'branches', name: 'follow-branch', payload: { branchId: row.id } });
      }
      return moveBranch(transaction, project, row, move, baseDomain);
  }
}

/**
 * Settles a doubt: makes the branch lead where the remote was seen to have it.
 *
 * @param askedAt where the branch stood in our books when the remote was asked
 * @returns false when a push was taken since then, so that the answer may be old and has to be asked again
 */
export async function settleDoubt(
  transaction: Transaction,
  project: ProjectEntity,
  row: BranchEntity,
  seen: { askedAt: string; tip: string | null },
  baseDomain: string,
): Promise<boolean> {
  const { manager } = transaction;
  const present = await manager.findOne(BranchEntity, {
    where: { id: row.id },
    lock: { mode: 'pessimistic_write' },
  });
  // Its project may have moved to another repository meanwhile: then there is no such branch any more.
  if (present === null) return true;
  if (present.inDoubtSince === null) return true;
  if (present.headSha !== seen.askedAt) return false;
  if (present.inDoubtSince.getTime() !== row.inDoubtSince?.getTime()) return false;
  const after = seen.tip ?? NO_COMMIT;
  const pushedAt = later(present.pushedAt, present.doubtedPushedAt);
  await manager.update(BranchEntity, row.id, {
    inDoubtSince: null,
    doubtedPushedAt: null,
    askedAt: () => 'now()',
    pushedAt,
  });
  if (after === present.headSha) return true;
  const commit = seen.tip === null ? null : { sha: seen.tip, message: null, author: null };
  const move = { branch: row.name, before: present.headSha, after, pushedAt, commit };
  await moveBranch(transaction, project, present, move, baseDomain);
  return true;
}

/** Makes a branch lead where the move says, and its environment follow, where the project wants that of a push. */
async function moveBranch(
  transaction: Transaction,
  project: ProjectEntity,
  row: BranchEntity,
  move: BranchMove,
  baseDomain: string,
): Promise<PushOutcome> {
  await transaction.manager.update(BranchEntity, row.id, {
    headSha: move.after,
    beforeSha: move.before ?? row.headSha,
    pushedAt: move.pushedAt,
  });
  if (move.commit === null) {
    return (await destroyBranch(transaction, project.id, row.name)) ? 'destroyed' : 'ignored';
  }
  if (!isDeployedByPush(project, row.name)) return 'ignored';
  const request = { trigger: 'push', actor: GITHUB_ACTOR } as const;
  const id = await deployToBranch(transaction, project, row.name, move.commit, request, baseDomain);
  return id === null ? 'ignored' : 'deployed';
}

/** Whether a project wants a push to that branch to be deployed. */
export function isDeployedByPush(
  project: Pick<ProjectEntity, 'autoDeploy' | 'branchInclude' | 'branchExclude'>,
  branch: string,
): boolean {
  const filter = { include: project.branchInclude, exclude: project.branchExclude };
  return project.autoDeploy && isBranchSelected(filter, branch);
}

/** Finds or makes the branch's row and keeps it locked, so that pushes of one branch are taken one by one. */
async function lockBranch(
  { manager }: Transaction,
  projectId: string,
  move: BranchMove,
): Promise<{ row: BranchEntity; isNew: boolean }> {
  const inserted = await manager.query<{ id: string }[]>(
    `INSERT INTO branches (project_id, name, head_sha, before_sha) VALUES ($1, $2, $3, $3)
     ON CONFLICT (project_id, name) DO NOTHING RETURNING id`,
    [projectId, move.branch, NO_COMMIT],
  );
  const row = await manager.findOneOrFail(BranchEntity, {
    where: { projectId, name: move.branch },
    lock: { mode: 'pessimistic_write' },
  });
  return { row, isNew: inserted.length > 0 };
}

async function keepNewerTime({ manager }: Transaction, row: BranchEntity, move: BranchMove): Promise<void> {
  if (move.pushedAt === null || (row.pushedAt !== null && row.pushedAt >= move.pushedAt)) return;
  await manager.update(BranchEntity, row.id, {
    ...(move.before === null ? {} : { beforeSha: move.before }),
    pushedAt: move.pushedAt,
  });
}

/**
 * The remote may have had this push already when it was asked, and others after it. Its clock may differ from
 * ours, so that only a push from well after the question, or one that follows on what was seen, is surely newer.
 */
export function mayBeOlderThanSeen(
  row: Pick<BranchEntity, 'askedAt' | 'headSha'>,
  move: BranchMove,
): boolean {
  if (row.askedAt === null || move.before === row.headSha) return false;
  return move.pushedAt === null || move.pushedAt.getTime() <= row.askedAt.getTime() + CLOCKS_DIFFER_MS;
}

function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
