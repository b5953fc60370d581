import { NotifyConfig } from '@nexos/config';
import { type ClaimedMessage, WebhookMessagesRepository } from '@nexos/state';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { MessageAttempts } from './message-attempts.js';

/** Messages that one process sends at the same time. Waiting for a response takes no connection to Postgres. */
const AT_ONCE = 64;
/** The messages of one account among them, so that receivers that do not answer leave room for those of others. */
const AT_ONCE_OF_ACCOUNT = 16;
/** Messages that are being sent have that long to end when the process stops. */
const GRACE_MS = 3_000;
/** How much longer than an attempt its lease is. */
const LEASE_MARGIN_MS = 5_000;

/**
 * Sends what waits for webhooks. Postgres says what waits and whose turn it is, and limits how many messages one webhook
 * gets at once, so a receiver that does not answer delays only its own messages. Safe to run in several processes.
 */
@Injectable()
export class MessageSender implements BeforeApplicationShutdown {
  private readonly logger = new Logger(MessageSender.name);
  private readonly stopping = new AbortController();
  private isStopping = false;
  /** Webhooks to claim a message for, in this order. */
  private readonly waiting = new Set<string>();
  private readonly running = new Map<Promise<void>, ClaimedMessage>();
  private isClaiming = false;
  private claims = Promise.resolve();

  constructor(
    private readonly messages: WebhookMessagesRepository,
    private readonly attempts: MessageAttempts,
    private readonly config: NotifyConfig,
  ) {}

  /** Sends what waits for the webhook, soon. */
  wake(webhookId: string): void {
    this.waiting.add(webhookId);
    if (!this.isClaiming) this.claims = this.claimAll();
  }

  /** Claims no more messages, and waits for those that are being sent; after a while, hands them back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.claims;
    const grace = setTimeout(() => {
      this.stopping.abort(new Error('the process is stopping'));
    }, GRACE_MS);
    await Promise.all(this.running.keys());
    clearTimeout(grace);
  }

  /** Claims one message at a time, for one webhook after the other. A webhook with more is looked at again last. */
  private async claimAll(): Promise<void> {
    this.isClaiming = true;
    for (const webhookId of this.waiting) {
      if (this.isStopping || this.running.size >= AT_ONCE) break;
      this.waiting.delete(webhookId);
      const message = await this.claim(webhookId);
      if (message === null) continue;
      this.waiting.add(webhookId);
      const work = this.send(message).finally(() => {
        this.running.delete(work);
        this.wake(webhookId);
      });
      this.running.set(work, message);
    }
    this.isClaiming = false;
  }

  private async claim(webhookId: string): Promise<ClaimedMessage | null> {
    try {
      const leaseMs = this.config.timeoutMs + LEASE_MARGIN_MS;
      return await this.messages.claim(webhookId, leaseMs, this.busyAccounts());
    } catch (error) {
      // A sweep finds it again.
      this.logger.warn(`could not claim a message for ${webhookId}: ${(error as Error).message}`);
      return null;
    }
  }

  private async send(message: ClaimedMessage): Promise<void> {
    try {
      await this.attempts.run(message, this.stopping.signal);
    } catch (error) {
      // The claim ends by itself, and a sweep finds the message.
      this.logger.warn(`message ${message.id} will be sent again: ${(error as Error).message}`);
    }
  }

  private busyAccounts(): string[] {
    const counts = new Map<string, number>();
    for (const { accountId } of this.running.values())
      counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
    return [...counts].flatMap(([accountId, count]) => (count >= AT_ONCE_OF_ACCOUNT ? [accountId] : []));
  }
}
