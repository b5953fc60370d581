import { BranchEntity, ProjectEntity, type Transaction } from '@nexos/database';
import { giveUpOutcomes } from '../deliveries/settle-outcomes.js';

/**
 * Ends the doubt about a branch whose project may not read the repository, since GitHub has not confirmed its access. The branch
 * keeps the head that is known. A doubt that arose since the branch was read stays.
 */
export async function dropDoubt(transaction: Transaction, row: BranchEntity): Promise<void> {
  const { manager } = transaction;
  // Lock the project before the branch, as deliveries do.
  const project = await manager.findOne(ProjectEntity, {
    where: { id: row.projectId, status: 'active' },
    lock: { mode: 'pessimistic_read' },
  });
  if (project === null) return;
  const current = await manager.findOne(BranchEntity, {
    where: { id: row.id },
    lock: { mode: 'pessimistic_write' },
  });
  if (current === null || current.inDoubtSince?.getTime() !== row.inDoubtSince?.getTime()) return;
  await manager.update(BranchEntity, row.id, { inDoubtSince: null, doubtedPushedAt: null });
  const result = { outcome: 'ignored', reason: 'access_unconfirmed', deploymentId: null } as const;
  const { projectId, name } = current;
  await giveUpOutcomes(transaction, { projectId, branch: name, result });
}
