import { affected, type ForkApprovalStatus, type Transaction } from '@nexos/database';
import type { Review, ReviewSource } from './review.js';

/** A fork's pull request, and where its reviews are told. */
export interface Reviewed extends ReviewSource {
  readonly repositoryId: string;
  readonly number: number;
}

/**
 * Records an approval that GitHub is to be asked about, unless it is known, or its author has withdrawn it in a later review. One
 * that was denied is asked about again.
 */
export async function recordApproval(
  { manager }: Transaction,
  review: Review,
  on: Reviewed,
): Promise<{ id: string; status: ForkApprovalStatus }> {
  const [row] = await manager.query<{ id: string; status: ForkApprovalStatus }[]>(
    `INSERT INTO fork_approvals AS known (repository_id, repository, installation_id, review_id, number, commit_sha,
       reviewer_id, reviewer_login, status)
     SELECT $1::bigint, $2, $3::bigint, $4::bigint, $5::integer, $6, $7::bigint, $8, CASE WHEN EXISTS (
       SELECT 1 FROM fork_approvals WHERE repository_id = $1 AND number = $5 AND reviewer_id = $7 AND review_id > $4
         AND status = 'withdrawn') THEN 'withdrawn' ELSE 'pending' END
     ON CONFLICT (repository_id, review_id) DO UPDATE SET
       status = CASE WHEN known.status = 'denied' THEN 'pending' ELSE known.status END,
       failures = 0, next_at = now(), updated_at = now()
     RETURNING id, status`,
    valuesOf(review, on),
  );
  if (row === undefined) throw new Error(`the approval ${review.id} was neither found nor inserted`);
  return row;
}

/**
 * Ends the wait for GitHub's answer about an approval.
 *
 * @returns false when it was withdrawn or answered since
 */
export async function answerApproval(
  { manager }: Transaction,
  id: string,
  status: 'granted' | 'denied',
  error: string | null,
): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE fork_approvals SET status = $2, error = $3, updated_at = now() WHERE id = $1 AND status = 'pending'`,
      [id, status, error],
    ),
  );
}

/**
 * Withdraws the approvals that a reviewer gave before this review, or the one that was dismissed, also if it arrives later.
 *
 * @returns the commits that they were about
 */
export async function recordWithdrawn(
  { manager }: Transaction,
  review: Review,
  on: Reviewed,
): Promise<string[]> {
  const rows = await manager.query<{ commitSha: string }[]>(
    `WITH dismissed AS (
       INSERT INTO fork_approvals AS known (repository_id, repository, installation_id, review_id, number, commit_sha,
         reviewer_id, reviewer_login, status)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'withdrawn')
       ON CONFLICT (repository_id, review_id) DO UPDATE SET status = 'withdrawn', updated_at = now()
       RETURNING commit_sha
     ), withdrawn AS (
       UPDATE fork_approvals SET status = 'withdrawn', updated_at = now()
       WHERE repository_id = $1 AND number = $5 AND reviewer_id = $7 AND review_id < $4 AND status <> 'withdrawn'
       RETURNING commit_sha
     )
     SELECT commit_sha AS "commitSha" FROM dismissed UNION SELECT commit_sha FROM withdrawn`,
    valuesOf(review, on),
  );
  return rows.map(({ commitSha }) => commitSha);
}

function valuesOf(review: Review, { repository, repositoryId, installationId, number }: Reviewed): unknown[] {
  return [
    repositoryId,
    repository,
    installationId,
    review.id,
    number,
    review.commitSha,
    review.reviewerId,
    review.reviewerLogin,
  ];
}
