import { NO_COMMIT } from '@nexos/domain';
import { BranchEntity, type Transaction } from '@nexos/database';

const BRANCH_COLUMNS = `id, project_id AS "projectId", name, head_sha AS "headSha", before_sha AS "beforeSha",
  pushed_at AS "pushedAt", in_doubt_since AS "inDoubtSince", doubted_pushed_at AS "doubtedPushedAt",
  deploy_due AS "deployDue", asked_at AS "askedAt", missing_since AS "missingSince"`;

/** Finds or inserts the branch's row and locks it, so that pushes to one branch are applied one at a time. */
export async function lockBranch(
  { manager }: Transaction,
  projectId: string,
  branch: string,
): Promise<{ row: BranchEntity; isNew: boolean }> {
  // The update changes nothing: it locks the row, and returns it as the previous transaction left it.
  const [found] = await manager.query<(BranchEntity & { isNew: boolean })[]>(
    `INSERT INTO branches AS branch (project_id, name, head_sha, before_sha) VALUES ($1, $2, $3, $3)
     ON CONFLICT (project_id, name) DO UPDATE SET name = branch.name
     RETURNING ${BRANCH_COLUMNS}, xmax = 0 AS "isNew"`,
    [projectId, branch, NO_COMMIT],
  );
  if (found === undefined)
    throw new Error(`the branch ${branch} of ${projectId} was neither found nor inserted`);
  const { isNew, ...columns } = found;
  return { row: manager.create(BranchEntity, columns), isNew };
}
