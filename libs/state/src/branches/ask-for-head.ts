import type { DeliveryResult } from '@nexos/domain';
import { BranchEntity, type ProjectEntity, type Transaction } from '@nexos/database';
import { lockBranch } from './lock-branch.js';

/**
 * Deploys the head of a branch, also if it is known and was not deployed. The Git host is asked for it, since the delivery may
 * be late. Call it with the project locked and active.
 */
export async function askForHead(
  transaction: Transaction,
  project: ProjectEntity,
  branch: string,
): Promise<DeliveryResult> {
  const { row } = await lockBranch(transaction, project.id, branch);
  await transaction.manager.update(BranchEntity, row.id, { inDoubtSince: () => 'now()', deployDue: true });
  askAboutBranches(transaction, project);
  return { outcome: 'in-doubt', reason: 'pull_request', deploymentId: null };
}

/** Has the head of a branch deployed once the deploys of its project, which are paused, are resumed. */
export async function deployOnceResumed(
  { manager }: Transaction,
  projectId: string,
  branch: string,
): Promise<void> {
  await manager.update(BranchEntity, { projectId, name: branch }, { deployDue: true });
}

/** Has the Git host asked about all branches in doubt of the project's repository. */
export function askAboutBranches(
  transaction: Transaction,
  { repositoryKey }: Pick<ProjectEntity, 'repositoryKey'>,
): void {
  const payload = { repository: repositoryKey };
  transaction.enqueue({ queue: 'branches', name: 'look-up-branches', payload });
}
