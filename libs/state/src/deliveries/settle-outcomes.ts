import type { DeliveryResult } from '@nexos/domain';
import type { Transaction } from '@nexos/database';

/** Where a branch in doubt turned out to be. */
export interface SettledBranch {
  readonly projectId: string;
  readonly branch: string;
  /** The branch's commit; null when the branch is gone. */
  readonly commitSha: string | null;
  /** The result of following the branch there. */
  readonly result: DeliveryResult;
}

/**
 * Replaces the outcome `in-doubt` of the branch's deliveries. Those of the branch's commit get the result, the others are
 * older. Locks deliveries before outcomes, as a replay does.
 */
const SETTLE_OUTCOMES = `
  WITH doubted AS MATERIALIZED (
    SELECT delivery.seq, delivery.commit_sha IS NOT DISTINCT FROM $3 AS is_followed
    FROM webhook_deliveries delivery JOIN delivery_outcomes result ON result.delivery_seq = delivery.seq
    WHERE result.project_id = $1 AND result.outcome = 'in-doubt' AND delivery.branch = $2
    ORDER BY delivery.seq FOR UPDATE OF delivery
  ), settled AS (
    UPDATE delivery_outcomes result SET
      outcome = CASE WHEN is_followed THEN $4 ELSE 'ignored' END,
      reason = CASE WHEN is_followed THEN $5 ELSE 'older' END,
      deployment_id = CASE WHEN is_followed THEN $6 END
    FROM doubted WHERE result.delivery_seq = doubted.seq AND result.project_id = $1
    RETURNING result.delivery_seq AS seq, result.outcome, result.reason
  ), result AS (
    SELECT * FROM settled
    UNION ALL
    SELECT other.delivery_seq, other.outcome, other.reason
    FROM delivery_outcomes other JOIN doubted ON doubted.seq = other.delivery_seq WHERE other.project_id <> $1
  )
  UPDATE webhook_deliveries delivery SET outcome = joined.outcome, reason = joined.reason
  FROM (
    SELECT seq, string_agg(DISTINCT outcome COLLATE "C", ',' ORDER BY outcome COLLATE "C") AS outcome,
      string_agg(DISTINCT reason COLLATE "C", ',' ORDER BY reason COLLATE "C") AS reason
    FROM result GROUP BY seq
  ) joined WHERE joined.seq = delivery.seq`;

/** Records what became of the deliveries that left a branch in doubt, now that it is known where the branch is. */
export async function settleOutcomes(
  { manager }: Transaction,
  { projectId, branch, commitSha, result }: SettledBranch,
): Promise<void> {
  const { outcome, reason, deploymentId } = result;
  await manager.query(SETTLE_OUTCOMES, [projectId, branch, commitSha, outcome, reason, deploymentId]);
}
