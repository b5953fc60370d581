import { type ExecutionStatus } from '@nexos/domain';
import { type Transaction } from '@nexos/database';

/**
 * Asks for a command to be stopped. One that waits is cancelled at once; one that runs is stopped by its worker within
 * a second or two, and reads `running` until then.
 *
 * @returns the status that it has now: neither `running` nor `cancelled` when it had come to its end already
 */
export async function cancelExecution(transaction: Transaction, id: string): Promise<ExecutionStatus> {
  const [rows] = await transaction.manager.query<[{ status: ExecutionStatus }[], number]>(
    `UPDATE executions SET
       cancel_requested_at = coalesce(cancel_requested_at, CASE WHEN finished_at IS NULL THEN now() END),
       finished_at = coalesce(finished_at, CASE WHEN status = 'queued' THEN now() END),
       status = CASE WHEN status = 'queued' THEN 'cancelled' ELSE status END
     WHERE id = $1 RETURNING status`,
    [id],
  );
  const status = rows[0]?.status;
  if (status === undefined) throw new Error(`there is no execution ${id}`);
  transaction.enqueue({ queue: 'lifecycle', name: 'run-execution', payload: { executionId: id } });
  return status;
}
