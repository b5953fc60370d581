import { WorkerConfig } from '@nexos/config';
import { PeriodicTask } from '@nexos/queue';
import { WebhookMessagesRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { MessageSender } from './message-sender.js';

/** Webhooks per sweep, at random, so that none is always left out. */
const BATCH = 200;

/** Every few seconds, finds the messages whose next attempt is due, and those whose worker died. */
@Injectable()
export class MessageSweeper extends PeriodicTask {
  constructor(
    private readonly messages: WebhookMessagesRepository,
    private readonly sender: MessageSender,
    config: WorkerConfig,
  ) {
    super('message sweep', config.sweepMs);
  }

  protected async run(): Promise<void> {
    for (const webhookId of await this.messages.findDue(BATCH)) this.sender.wake(webhookId);
  }
}
