import { randomBytes } from 'node:crypto';
import { EncryptionConfig, IngressConfig, NotifyConfig } from '@nexos/config';
import { Sealer, sealIdentity } from '@nexos/crypto';
import { type WebhookEntity, type WebhookMessageEntity } from '@nexos/database';
import { type MessageFormat, newId, NOTIFICATION_TYPES, type NotificationType } from '@nexos/domain';
import {
  EventsRepository,
  NO_SUBJECT,
  NotificationsRepository,
  WebhookMessagesRepository,
  WebhooksRepository,
} from '@nexos/state';
import { EventDispatcher } from '../../../apps/integrations/src/events/event-dispatcher.js';
import {
  DeploymentEventHandler,
  EnvironmentEventHandler,
} from '../../../apps/integrations/src/events/event.handlers.js';
import { MessageAttempts } from '../../../apps/integrations/src/notifications/message-attempts.js';
import { MessageRequests } from '../../../apps/integrations/src/notifications/message-requests.js';
import { MessageSender } from '../../../apps/integrations/src/notifications/message-sender.js';
import { NotificationConsumer } from '../../../apps/integrations/src/notifications/notification.consumer.js';
import { ReceiverClient } from '../../../apps/integrations/src/notifications/receiver-client.js';
import type { TestDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { BASE_DOMAIN } from '../rows.js';

const { signal } = new AbortController();

interface NewTestWebhook {
  readonly accountId: string;
  readonly projectId?: string | null;
  readonly url: string;
  readonly format?: MessageFormat;
  readonly events?: readonly NotificationType[];
}

/** The part of an integrations worker that tells webhooks, on a test's database. A test is its timer and its queue. */
export class Notifier {
  readonly webhooks: WebhooksRepository;
  readonly messages: WebhookMessagesRepository;
  readonly sender: MessageSender;
  private readonly events: EventsRepository;
  private readonly dispatcher: EventDispatcher;
  private readonly sealer = new Sealer(
    Object.assign(new EncryptionConfig(), { key: randomBytes(32).toString('base64'), oldKeys: [] }),
  );
  private readonly created = new Set<string>();

  constructor(
    private readonly database: TestDatabase,
    settings: Partial<NotifyConfig> = {},
  ) {
    const config = Object.assign(new NotifyConfig(), { allowedNetworks: ['127.0.0.0/8'], ...settings });
    const { unitOfWork } = database;
    this.webhooks = new WebhooksRepository(unitOfWork);
    this.messages = new WebhookMessagesRepository(unitOfWork);
    this.events = new EventsRepository(unitOfWork);
    const notifications = new NotificationsRepository(unitOfWork);
    const ingress = Object.assign(new IngressConfig(), { baseDomain: BASE_DOMAIN });
    this.dispatcher = new EventDispatcher([new NotificationConsumer(unitOfWork, notifications, ingress)]);
    const attempts = new MessageAttempts(
      unitOfWork,
      this.messages,
      this.webhooks,
      notifications,
      new MessageRequests(this.sealer),
      new ReceiverClient(config),
      config,
    );
    this.sender = new MessageSender(this.messages, attempts, config);
  }

  /** Creates a webhook; returns it with its signing secret. */
  async createWebhook({
    accountId,
    projectId = null,
    url,
    format = 'standard',
    events = NOTIFICATION_TYPES,
  }: NewTestWebhook): Promise<{ id: string; secret: string }> {
    const id = newId('webhook');
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    this.created.add(id);
    const isSigned = format === 'standard';
    await this.webhooks.create({
      id,
      accountId,
      projectId,
      format,
      url: isSigned ? url : null,
      sealedSecret: this.sealer.seal(isSigned ? secret : url, sealIdentity.webhook(id)),
      events: [...events],
    });
    return { id, secret };
  }

  /** Writes a message about a subject, without an event. */
  async write(webhookId: string, subject = newId('deployment')): Promise<string> {
    const id = newId('message');
    await this.database.dataSource.query(
      `INSERT INTO webhook_messages (id, webhook_id, subject, position, type, data, at)
       VALUES ($1, $2, $3, 1, 'deployment.live', $4, now())`,
      [id, webhookId, subject, NO_SUBJECT],
    );
    return id;
  }

  /** Dispatches an event of a deployment. */
  dispatchDeploymentEvent(seq: string): Promise<void> {
    return new DeploymentEventHandler(this.events, this.dispatcher).handle({ seq }, signal);
  }

  /** Dispatches an event of an environment. */
  dispatchEnvironmentEvent(seq: string): Promise<void> {
    return new EnvironmentEventHandler(this.events, this.dispatcher).handle({ seq }, signal);
  }

  /** Wakes the sender for all of its webhooks that have a message to send, as a sweep does. */
  async sweep(): Promise<void> {
    for (const id of await this.messages.findDue(1_000)) if (this.created.has(id)) this.sender.wake(id);
  }

  /** Sweeps until a message of the webhook is as asked. */
  untilMessage(
    webhookId: string,
    isSo: (message: WebhookMessageEntity) => boolean,
  ): Promise<WebhookMessageEntity> {
    return eventually(
      'a message to be as asked',
      async () => {
        await this.sweep();
        return (await this.messages.page(webhookId, { limit: 100 })).find(isSo);
      },
      { everyMs: 20 },
    );
  }

  async find(webhookId: string): Promise<WebhookEntity> {
    const [webhook] = await this.database.rows<WebhookEntity>(
      `SELECT disabled_at AS "disabledAt", disabled_reason AS "disabledReason", failures,
         failing_since AS "failingSince"
       FROM webhooks WHERE id = $1`,
      [webhookId],
    );
    if (webhook === undefined) throw new Error(`there is no webhook ${webhookId}`);
    return webhook;
  }
}
