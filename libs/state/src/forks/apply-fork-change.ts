import { type DeliveryReason, type DeliveryResult, forkBranch, GITHUB_ACTOR } from '@nexos/domain';
import { BranchEntity, type ProjectEntity, type Transaction } from '@nexos/database';
import { destroyBranch } from '../branches/follow-branch.js';
import { wantComment, wantSkipReport } from '../github-reports/wanted-reports.js';
import type { PullRequestChange } from '../pull-requests/record-pull-request.js';
import { deployFork } from './deploy-fork.js';

/**
 * Applies a change of a fork's pull request to a project: closing it destroys its environment, and a commit that is approved
 * already is deployed. Call it with the project locked and active.
 */
export async function applyForkChange(
  transaction: Transaction,
  project: ProjectEntity,
  { pullRequest: { number, state, headSha: sha }, repositoryId }: PullRequestChange,
  replayedBy: string | null,
  baseDomain: string,
): Promise<DeliveryResult> {
  const branch = forkBranch(number);
  const actor = replayedBy ?? GITHUB_ACTOR;
  const isWanted = project.pullRequestForks === 'approved';
  if (state === 'closed') {
    const cause = { actor, reason: 'pull_request_closed' } as const;
    const existed = await destroyBranch(transaction, project.id, branch, cause);
    if (existed) return { outcome: 'destroyed', reason: null, deploymentId: null };
    return isWanted ? nothing('ignored', 'no_environment') : nothing('skipped', 'fork');
  }
  if (!isWanted) return nothing('skipped', 'fork');
  // What a project's own webhook tells is not enough to deploy a stranger's code.
  if (repositoryId === null) return nothing('ignored', 'own_webhook');
  await transaction.manager.update(
    BranchEntity,
    { projectId: project.id, name: branch },
    { missingSince: null },
  );
  await wantComment(transaction, project.id, branch);
  const cause = { actor, reason: 'pull_request' } as const;
  const request = { trigger: 'push', cause } as const;
  const result = await deployFork(transaction, project, { repositoryId, number, sha }, request, baseDomain);
  if (result.reason === 'not_approved') {
    await wantSkipReport(transaction, project.id, branch, { commitSha: sha, reason: 'not_approved' });
  }
  return result;
}

function nothing(outcome: 'ignored' | 'skipped', reason: DeliveryReason): DeliveryResult {
  return { outcome, reason, deploymentId: null };
}
