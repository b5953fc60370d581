import { TestDatabase } from '../database.js';
import type { TestSystem } from '../global-setup.js';
import { insertAccount } from '../rows.js';
import type { Notifier } from './notifier.js';
import { Receiver } from './receiver.js';

interface NewWebhook {
  readonly id: string;
  readonly secret: string;
}

/** A database and a receiver, for tests of what webhooks are sent. */
export class NotifyStage {
  /** The account of the webhooks to come. */
  accountId = '';

  private constructor(
    readonly database: TestDatabase,
    readonly receiver: Receiver,
  ) {}

  static async start(system: TestSystem): Promise<NotifyStage> {
    return new NotifyStage(await TestDatabase.create(system), await Receiver.start());
  }

  async stop(): Promise<void> {
    await this.receiver.stop();
    await this.database.drop();
  }

  /** Has the webhooks to come belong to a new account. */
  async changeAccount(): Promise<void> {
    this.accountId = await insertAccount(this.database.dataSource.manager);
  }

  createWebhook(notifier: Notifier, path: string, host?: string): Promise<NewWebhook> {
    return notifier.createWebhook({ accountId: this.accountId, url: this.receiver.url(path, host) });
  }

  /** Creates a webhook with one message to send. */
  async aMessage(notifier: Notifier, path: string, host?: string): Promise<NewWebhook> {
    const webhook = await this.createWebhook(notifier, path, host);
    await notifier.write(webhook.id);
    return webhook;
  }
}
