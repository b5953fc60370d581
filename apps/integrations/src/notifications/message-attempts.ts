import { performance } from 'node:perf_hooks';
import { faultPoint, NotifyConfig } from '@nexos/config';
import { UnsealError } from '@nexos/crypto';
import { UnitOfWork } from '@nexos/database';
import { retryAfterMs } from '@nexos/domain';
import {
  type Attempt,
  type ClaimedMessage,
  type FailedAttempt,
  NotificationsRepository,
  recordAudit,
  WebhookMessagesRepository,
  WebhooksRepository,
} from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { MessageRequests } from './message-requests.js';
import { PrivateAddressError, ReceiverClient, type ReceiverResponse } from './receiver-client.js';

const GONE = 410;
const MAX_ERROR_CHARACTERS = 300;
const HOUR_MS = 3_600_000;

/** Sends a claimed message once, and records the result. */
@Injectable()
export class MessageAttempts {
  private readonly logger = new Logger(MessageAttempts.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly messages: WebhookMessagesRepository,
    private readonly webhooks: WebhooksRepository,
    private readonly notifications: NotificationsRepository,
    private readonly requests: MessageRequests,
    private readonly client: ReceiverClient,
    private readonly config: NotifyConfig,
  ) {}

  /** @param stopping aborts the attempt, which then does not count */
  async run(message: ClaimedMessage, stopping: AbortSignal): Promise<void> {
    faultPoint('notify.claimed');
    const began = performance.now();
    const deadline = AbortSignal.timeout(this.config.timeoutMs);
    const signal = AbortSignal.any([stopping, deadline]);
    const response = await this.post(message, signal);
    faultPoint('notify.sent');
    const latencyMs = Math.round(performance.now() - began);
    if (!(response instanceof Error)) {
      await this.record(message, response, latencyMs);
    } else if (stopping.aborted) {
      await this.messages.release(message);
    } else {
      const error = deadline.aborted
        ? `The receiver did not answer within ${this.config.timeoutMs / 1_000} s.`
        : this.describe(message, response);
      await this.fail(message, { ...NO_RESPONSE, latencyMs, error });
    }
    faultPoint('notify.settled');
  }

  /** Returns the response, or the error that prevented one. */
  private async post(message: ClaimedMessage, signal: AbortSignal): Promise<ReceiverResponse | Error> {
    try {
      const { url, headers, body } = this.requests.make(message);
      return await this.client.post(url, headers, body, signal);
    } catch (error) {
      return error as Error;
    }
  }

  private async record(
    message: ClaimedMessage,
    { status, retryAfter }: ReceiverResponse,
    latencyMs: number,
  ): Promise<void> {
    const attempt: Attempt = { responseStatus: status, latencyMs };
    if (status >= 200 && status < 300) {
      await this.messages.recordDelivered(message, attempt);
      return;
    }
    const isRedirect = status >= 300 && status < 400;
    await this.fail(message, {
      ...attempt,
      error: `The receiver answered ${status}.${isRedirect ? ' Redirects are not followed.' : ''}`,
      isGone: status === GONE,
      retryAfterMs: retryAfterMs(retryAfter, Date.now()),
    });
  }

  private async fail(message: ClaimedMessage, attempt: FailedAttempt): Promise<void> {
    const { webhookId } = message;
    const reason = await this.unitOfWork.run(async (transaction) => {
      const failure = await this.messages.recordFailed(message, attempt, this.config);
      const text = this.reasonToDisable(failure, attempt);
      if (text === null || !(await this.webhooks.disable(webhookId, text))) return null;
      await recordAudit(transaction, {
        action: 'webhook.disable',
        subject: webhookId,
        accountId: message.accountId,
        projectId: message.projectId,
        before: { enabled: true },
        after: { enabled: false, reason: text },
      });
      for (const told of await this.notifications.tellDisabled(webhookId, text)) {
        transaction.enqueue({ queue: 'notify', name: 'send-messages', payload: { webhookId: told } });
      }
      return text;
    });
    if (reason !== null) this.logger.warn(`disabled webhook ${webhookId}: ${reason}`);
  }

  private reasonToDisable(failure: string, { error }: FailedAttempt): string | null {
    if (failure === 'gone') return 'The receiver answered 410: it wants no messages any more.';
    if (failure !== 'exhausted') return null;
    const hours = Math.round((this.config.retryForMs / HOUR_MS) * 10) / 10;
    return `The receiver accepted no message for ${hours} hours. The last attempt: ${error}`;
  }

  /** Says for the webhook's owner why there was no response. Says nothing of the network of Nexos. */
  private describe({ id }: ClaimedMessage, error: Error): string {
    if (error instanceof PrivateAddressError) return error.message;
    if (error instanceof UnsealError) {
      this.logger.error(`could not decrypt the secret for message ${id}: ${error.message}`);
      return 'The secret of the webhook cannot be decrypted. Set it again, or tell the operator that an encryption key is missing.';
    }
    const { code } = error as NodeJS.ErrnoException;
    this.logger.debug(`message ${id}: ${error.message}`);
    return `The receiver could not be reached: ${code ?? error.message}`.slice(0, MAX_ERROR_CHARACTERS);
  }
}

const NO_RESPONSE = { responseStatus: null, isGone: false, retryAfterMs: null } as const;
