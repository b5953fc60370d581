import { NotifyConfig } from '@nexos/config';
import { type ClaimedMessage, WebhookMessagesRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { Sender } from '../sending/sender.js';
import { MessageAttempts } from './message-attempts.js';

/** How much longer than an attempt its lease is. */
const LEASE_MARGIN_MS = 5_000;

/**
 * Sends what waits for webhooks; its keys are their ids. Postgres says whose turn it is, and limits how many messages one
 * webhook gets at once, so a receiver that does not answer delays only its own messages.
 */
@Injectable()
export class MessageSender extends Sender<ClaimedMessage> {
  constructor(
    private readonly messages: WebhookMessagesRepository,
    private readonly attempts: MessageAttempts,
    private readonly config: NotifyConfig,
  ) {
    super({ atOnce: 64, atOnceOfGroup: 16 });
  }

  protected claim(webhookId: string, busyAccounts: readonly string[]): Promise<ClaimedMessage | null> {
    return this.messages.claim(webhookId, this.config.timeoutMs + LEASE_MARGIN_MS, busyAccounts);
  }

  protected send(message: ClaimedMessage, stopping: AbortSignal): Promise<void> {
    return this.attempts.run(message, stopping);
  }

  protected groupOf({ accountId }: ClaimedMessage): string {
    return accountId;
  }

  /** A webhook may have more messages to send. */
  protected override onClaimed(webhookId: string): void {
    this.queue(webhookId);
  }
}
