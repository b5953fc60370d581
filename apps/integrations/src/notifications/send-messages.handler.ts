import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable } from '@nestjs/common';
import { MessageSender } from './message-sender.js';

/** Has the messages of a webhook sent, without waiting for its receiver: others wait for the same queue. */
@Injectable()
@HandlesJob('notify', 'send-messages')
export class SendMessagesHandler implements JobHandler<'notify', 'send-messages'> {
  constructor(private readonly sender: MessageSender) {}

  handle({ webhookId }: { webhookId: string }): Promise<void> {
    this.sender.wake(webhookId);
    return Promise.resolve();
  }
}
