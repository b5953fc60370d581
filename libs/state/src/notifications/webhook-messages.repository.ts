import { messageRetryMs, receiverPauseMs, TEST_MESSAGE } from '@nexos/domain';
import { UnitOfWork, type WebhookEntity, WebhookMessageEntity } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { findPage, type PageRequest } from '../page.js';
import { deliverMessage, failMessage, replayMessage } from './transitions.js';

/** A message that a worker is sending. */
export interface ClaimedMessage extends Pick<
  WebhookMessageEntity,
  'id' | 'webhookId' | 'type' | 'data' | 'at' | 'attempts'
> {
  readonly accountId: string;
  /** Null for a webhook of the account. */
  readonly projectId: string | null;
  readonly format: WebhookEntity['format'];
  readonly url: string | null;
  readonly sealedSecret: string;
}

/** The result of one attempt. */
export interface Attempt {
  /** Null when there was no response. */
  readonly responseStatus: number | null;
  readonly latencyMs: number;
}

export interface FailedAttempt extends Attempt {
  /** A sentence for the webhook's owner. */
  readonly error: string;
  /** The receiver wants no messages any more. */
  readonly isGone: boolean;
  /** How long the receiver asks to wait; null if it does not say. */
  readonly retryAfterMs: number | null;
}

interface RetryRules {
  readonly retryMs: number;
  readonly retryForMs: number;
}

/** What a failed attempt led to. */
type Failure = 'retry' | 'failed' | 'gone' | 'exhausted' | 'lost';

/** Messages that a webhook gets at the same time, as long as it accepts them. */
const AT_ONCE = 4;
/** After that many failures in a row, a success means that the receiver works again. */
const OUTAGE = 3;

/** The messages to webhooks: what waits, what is being sent, and what became of it. */
@Injectable()
export class WebhookMessagesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  page(webhookId: string, page: PageRequest): Promise<WebhookMessageEntity[]> {
    return findPage(this.unitOfWork.manager, WebhookMessageEntity, { webhookId }, page);
  }

  find(webhookId: string, id: string): Promise<WebhookMessageEntity | null> {
    return this.unitOfWork.manager.findOneBy(WebhookMessageEntity, { webhookId, id });
  }

  /** Adds a test message, which is sent once. */
  async addTest(
    message: Pick<WebhookMessageEntity, 'id' | 'webhookId' | 'data' | 'at'>,
  ): Promise<WebhookMessageEntity> {
    const { id, webhookId } = message;
    const { manager } = this.unitOfWork;
    const row = { ...message, subject: id, position: '0', type: TEST_MESSAGE } as const;
    await manager.insert(WebhookMessageEntity, row);
    return manager.findOneByOrFail(WebhookMessageEntity, { webhookId, id });
  }

  /** Sends a message again, with its id, at once. One that is being sent is left alone. */
  async replay(webhookId: string, id: string): Promise<WebhookMessageEntity> {
    await this.unitOfWork.run((transaction) => replayMessage(transaction, webhookId, id));
    return this.unitOfWork.manager.findOneByOrFail(WebhookMessageEntity, { webhookId, id });
  }

  /** Finds webhooks with a message that can be sent now. */
  async findDue(limit: number): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      `SELECT id FROM webhooks webhook
       WHERE disabled_at IS NULL AND (retry_at IS NULL OR retry_at <= now())
         AND EXISTS (SELECT 1 FROM webhook_messages message
                     WHERE message.webhook_id = webhook.id AND status = 'pending' AND next_attempt_at <= now()
                       AND (lease_until IS NULL OR lease_until < now()))
       ORDER BY random() LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Claims the next message of a webhook. Messages about one subject are sent one after the other. A failing webhook
   * gets one message at a time.
   *
   * @param busyAccounts accounts that get no more messages for now
   * @returns null when none can be sent now
   */
  claim(webhookId: string, leaseMs: number, busyAccounts: readonly string[]): Promise<ClaimedMessage | null> {
    return this.unitOfWork.run(async ({ manager }) => {
      // The lock keeps others from claiming for this webhook; the next statement sees what they have claimed.
      const [webhook] = await manager.query<{ failures: number }[]>(
        `SELECT failures FROM webhooks
         WHERE id = $1 AND disabled_at IS NULL AND (retry_at IS NULL OR retry_at <= now()) AND account_id <> ALL($2)
         FOR NO KEY UPDATE`,
        [webhookId, busyAccounts],
      );
      if (webhook === undefined) return null;
      const [rows] = await manager.query<[ClaimedMessage[], number]>(
        `UPDATE webhook_messages claimed SET attempts = attempts + 1, last_attempt_at = now(),
           lease_until = now() + make_interval(secs => $2 / 1000.0)
         FROM webhooks webhook
         WHERE webhook.id = claimed.webhook_id AND claimed.id = (
           SELECT message.id FROM webhook_messages message
           WHERE message.webhook_id = $1 AND status = 'pending' AND next_attempt_at <= now()
             AND (lease_until IS NULL OR lease_until < now())
             AND NOT EXISTS (SELECT 1 FROM webhook_messages earlier
                             WHERE earlier.webhook_id = $1 AND earlier.subject = message.subject
                               AND earlier.position < message.position AND earlier.status = 'pending')
             AND (SELECT count(*) FROM webhook_messages sent
                  WHERE sent.webhook_id = $1 AND sent.status = 'pending' AND sent.lease_until >= now()) < $3
           ORDER BY failures, next_attempt_at, id LIMIT 1)
         RETURNING claimed.id, claimed.webhook_id AS "webhookId", claimed.type, claimed.data, claimed.at,
           claimed.attempts, webhook.account_id AS "accountId", webhook.project_id AS "projectId", webhook.format,
           webhook.url, webhook.sealed_secret AS "sealedSecret"`,
        [webhookId, leaseMs, webhook.failures === 0 ? AT_ONCE : 1],
      );
      return rows[0] ?? null;
    });
  }

  /** Hands a message back that the worker could not send because it stops. The attempt does not count. */
  async release({ id, attempts }: ClaimedMessage): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE webhook_messages SET attempts = attempts - 1, lease_until = NULL
       WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
      [id, attempts],
    );
  }

  /** Records that the receiver accepted a message. After an outage, what waits is sent without further delay. */
  recordDelivered(message: ClaimedMessage, attempt: Attempt): Promise<boolean> {
    const { webhookId } = message;
    return this.unitOfWork.run(async (transaction) => {
      const { manager } = transaction;
      const [webhook] = await manager.query<{ failures: number }[]>(
        'SELECT failures FROM webhooks WHERE id = $1 FOR NO KEY UPDATE',
        [webhookId],
      );
      const isRecorded = await deliverMessage(transaction, message, attempt);
      if (!isRecorded || webhook === undefined || webhook.failures === 0) return isRecorded;
      await manager.query(
        'UPDATE webhooks SET failures = 0, failing_since = NULL, retry_at = NULL WHERE id = $1',
        [webhookId],
      );
      if (webhook.failures < OUTAGE) return true;
      await manager.query(
        `UPDATE webhook_messages SET next_attempt_at = now()
         WHERE webhook_id = $1 AND status = 'pending' AND next_attempt_at > now()`,
        [webhookId],
      );
      return true;
    });
  }

  /**
   * Records a failed attempt, and when the message is sent again. Call it in a transaction. The caller disables the
   * webhook if the receiver is gone or has accepted nothing for as long as messages are retried.
   *
   * @returns `lost` when another worker has the message
   */
  async recordFailed(message: ClaimedMessage, attempt: FailedAttempt, rules: RetryRules): Promise<Failure> {
    const { manager } = this.unitOfWork;
    const [state] = await manager.query<FailureState[]>(
      `SELECT webhook.failures AS "webhookFailures", message.failures,
         extract(epoch FROM now() - coalesce(message.first_failed_at, now()))::float8 * 1000 AS "failingMs",
         extract(epoch FROM now() - coalesce(webhook.failing_since, now()))::float8 * 1000 AS "webhookFailingMs"
       FROM webhooks webhook JOIN webhook_messages message ON message.webhook_id = webhook.id
       WHERE message.id = $1 AND message.attempts = $2 AND message.status = 'pending'
       FOR NO KEY UPDATE`,
      [message.id, message.attempts],
    );
    if (state === undefined) return 'lost';
    const isTest = message.type === TEST_MESSAGE;
    const isOver = attempt.isGone || isTest || state.failingMs >= rules.retryForMs;
    await failMessage(this.unitOfWork, message, attempt, isOver ? null : retryMs(state, attempt, rules));
    if (attempt.isGone) return 'gone';
    if (isTest) return 'failed';
    const pauseMs = Math.max(
      receiverPauseMs(state.webhookFailures + 1, rules.retryMs),
      attempt.retryAfterMs ?? 0,
    );
    await manager.query(
      `UPDATE webhooks SET failures = failures + 1, failing_since = coalesce(failing_since, now()),
         retry_at = now() + make_interval(secs => $2 / 1000.0)
       WHERE id = $1`,
      [message.webhookId, pauseMs],
    );
    if (state.webhookFailingMs >= rules.retryForMs) return 'exhausted';
    return isOver ? 'failed' : 'retry';
  }
}

interface FailureState {
  readonly webhookFailures: number;
  readonly failures: number;
  /** Since the first failed attempt of the message. */
  readonly failingMs: number;
  /** Since the first failed attempt after the last success of the webhook. */
  readonly webhookFailingMs: number;
}

/** Returns the milliseconds until the next attempt. The last one is at the end of the time for retries. */
function retryMs(state: FailureState, { retryAfterMs }: FailedAttempt, rules: RetryRules): number {
  const wanted = Math.max(messageRetryMs(state.failures + 1, rules.retryMs), retryAfterMs ?? 0);
  return Math.min(wanted, rules.retryForMs - state.failingMs);
}
