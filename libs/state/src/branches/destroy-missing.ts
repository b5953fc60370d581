import { NO_COMMIT, systemCause } from '@nexos/domain';
import { BranchEntity, ProjectEntity, type Transaction } from '@nexos/database';
import type { CheckedBranch } from './branch-checks.repository.js';
import { destroyBranch } from './follow-branch.js';

/**
 * Records that a branch is deleted, of which no webhook told, and destroys its environment.
 *
 * @returns false when something else happened to the branch since it was read, or it has no environment
 */
export async function destroyMissing(transaction: Transaction, branch: CheckedBranch): Promise<boolean> {
  const { manager } = transaction;
  // Lock the project before the branch, as deliveries do.
  const project = await manager.findOne(ProjectEntity, {
    where: { id: branch.projectId, status: 'active' },
    lock: { mode: 'pessimistic_read' },
  });
  if (project === null) return false;
  const current = await manager.findOne(BranchEntity, {
    where: { projectId: branch.projectId, name: branch.name },
    lock: { mode: 'pessimistic_write' },
  });
  if (current?.headSha !== branch.headSha || current.inDoubtSince !== null) return false;
  if (current.missingSince?.getTime() !== branch.missingSince?.getTime()) return false;
  await manager.update(BranchEntity, current.id, {
    headSha: NO_COMMIT,
    beforeSha: current.headSha,
    askedAt: () => 'now()',
    missingSince: null,
  });
  return destroyBranch(transaction, project.id, branch.name, systemCause('branch_missing'));
}
