import type { DeliveryReason, DeliveryResult } from '@nexos/domain';
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

/** SQL: sets the outcome and the reason of each delivery to those of its results, joined. */
const JOIN_RESULTS = `UPDATE webhook_deliveries delivery SET outcome = joined.outcome, reason = joined.reason
FROM (
  SELECT seq, string_agg(DISTINCT outcome COLLATE "C", ',' ORDER BY outcome COLLATE "C") AS outcome,
    string_agg(DISTINCT reason COLLATE "C", ',' ORDER BY reason COLLATE "C") AS reason
  FROM result GROUP BY seq
) joined WHERE joined.seq = delivery.seq`;

/**
 * Replaces the outcome `in-doubt` of the branch's deliveries, or of those of one commit (`$7`). Those of the branch's
 * commit, or all (`$8`), get the result, the others are older. Locks deliveries before outcomes, as a replay does.
 */
const SETTLE_OUTCOMES = `
  WITH doubted AS MATERIALIZED (
    SELECT delivery.seq, $8::boolean OR delivery.commit_sha IS NOT DISTINCT FROM $3 AS is_followed
    FROM webhook_deliveries delivery JOIN delivery_outcomes result ON result.delivery_seq = delivery.seq
    WHERE result.project_id = $1 AND result.outcome = 'in-doubt' AND delivery.branch = $2
      AND (NOT $7::boolean OR delivery.commit_sha = $3)
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
  ${JOIN_RESULTS}`;

/** Records what became of the deliveries that left a branch in doubt, now that it is known where the branch is. */
export async function settleOutcomes(transaction: Transaction, settled: SettledBranch): Promise<void> {
  await settle(transaction, settled, false);
}

/** Records what became of the deliveries that left a branch in doubt, although nobody knows where it is. */
export async function giveUpOutcomes(
  transaction: Transaction,
  given: Omit<SettledBranch, 'commitSha'>,
): Promise<void> {
  await settle(transaction, { ...given, commitSha: null }, false, true);
}

/**
 * Records what became of the deliveries about one commit of a branch, such as its reviews. Those about other commits stay
 * in doubt: each has an answer of its own.
 */
export async function settleCommitOutcomes(transaction: Transaction, settled: SettledBranch): Promise<void> {
  await settle(transaction, settled, true);
}

async function settle(
  { manager }: Transaction,
  { projectId, branch, commitSha, result }: SettledBranch,
  isOneCommit: boolean,
  isForAll = false,
): Promise<void> {
  const { outcome, reason, deploymentId } = result;
  const values = [projectId, branch, commitSha, outcome, reason, deploymentId, isOneCommit, isForAll];
  await manager.query(SETTLE_OUTCOMES, values);
}

const SKIP_OUTCOMES = `
  WITH skipped AS (
    UPDATE delivery_outcomes SET outcome = 'skipped', reason = $2 WHERE deployment_id = $1 AND outcome = 'deployed'
    RETURNING delivery_seq AS seq, project_id
  ), result AS (
    SELECT seq, 'skipped' AS outcome, $2 AS reason FROM skipped
    UNION ALL
    SELECT other.delivery_seq, other.outcome, other.reason
    FROM delivery_outcomes other JOIN skipped ON skipped.seq = other.delivery_seq
    WHERE other.project_id <> skipped.project_id
  )
  ${JOIN_RESULTS}`;

/** Locks the deliveries that queued a deployment. Everyone locks deliveries before their outcomes and environments. */
export async function lockDeliveriesOf({ manager }: Transaction, deploymentId: string): Promise<void> {
  await manager.query(
    `SELECT 1 FROM webhook_deliveries delivery JOIN delivery_outcomes result ON result.delivery_seq = delivery.seq
     WHERE result.deployment_id = $1 ORDER BY delivery.seq FOR UPDATE OF delivery`,
    [deploymentId],
  );
}

/** Records that the deployment which deliveries queued was not built. Call it with the deliveries locked. */
export async function skipOutcomes(
  { manager }: Transaction,
  deploymentId: string,
  reason: DeliveryReason,
): Promise<void> {
  await manager.query(SKIP_OUTCOMES, [deploymentId, reason]);
}
