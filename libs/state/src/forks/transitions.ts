import { affected, type Transaction } from '@nexos/database';

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
