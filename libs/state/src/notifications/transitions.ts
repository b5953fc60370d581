import { affected, type Transaction } from '@nexos/database';

/** An attempt to send a message: its number is the epoch of the worker that makes it. */
interface HeldMessage {
  readonly id: string;
  readonly attempts: number;
}

/** How a receiver answered an attempt. */
interface Answered {
  readonly responseStatus: number | null;
  readonly latencyMs: number;
}

/** Records that the receiver accepted a message; false when another worker has it. */
export async function deliverMessage(
  { manager }: Transaction,
  { id, attempts }: HeldMessage,
  { responseStatus, latencyMs }: Answered,
): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE webhook_messages SET status = 'delivered', finished_at = now(), lease_until = NULL, error = NULL,
         response_status = $3, latency_ms = $4
       WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
      [id, attempts, responseStatus, latencyMs],
    ),
  );
}

/**
 * Records that an attempt failed. The caller has locked the message and checked its epoch.
 *
 * @param error a sentence for the webhook's owner
 * @param retryInMs milliseconds until the next attempt; null if the message has failed for good
 */
export async function failMessage(
  { manager }: Pick<Transaction, 'manager'>,
  { id }: HeldMessage,
  { error, responseStatus, latencyMs }: Answered & { readonly error: string },
  retryInMs: number | null,
): Promise<void> {
  await manager.query(
    `UPDATE webhook_messages SET failures = failures + 1, first_failed_at = coalesce(first_failed_at, now()),
       lease_until = NULL, error = $2, response_status = $3, latency_ms = $4,
       status = CASE WHEN $5::float8 IS NULL THEN 'failed' ELSE 'pending' END,
       finished_at = CASE WHEN $5::float8 IS NULL THEN now() END,
       next_attempt_at = now() + make_interval(secs => coalesce($5::float8, 0) / 1000)
     WHERE id = $1`,
    [id, error, responseStatus, latencyMs, retryInMs],
  );
}

/** Has a message sent again at once, whatever became of it. One that is being sent is left alone. */
export async function replayMessage({ manager }: Transaction, webhookId: string, id: string): Promise<void> {
  await manager.query(
    `UPDATE webhook_messages SET status = 'pending', finished_at = NULL, failures = 0, first_failed_at = NULL,
       next_attempt_at = now(), error = NULL
     WHERE webhook_id = $1 AND id = $2 AND status IN ('delivered', 'failed', 'pending')
       AND (lease_until IS NULL OR lease_until < now())`,
    [webhookId, id],
  );
}

/** Fails the messages that wait for a webhook. @param error a sentence for its owner, if none has failed before */
export async function failWaitingMessages(
  { manager }: Transaction,
  webhookId: string,
  error: string,
): Promise<void> {
  await manager.query(
    `UPDATE webhook_messages SET status = 'failed', finished_at = now(), lease_until = NULL,
       error = coalesce(error, $2)
     WHERE webhook_id = $1 AND status = 'pending'`,
    [webhookId, error],
  );
}
