import { randomBytes } from 'node:crypto';
import { Sealer, sealIdentity } from '@nexos/crypto';
import { type Transaction, UnitOfWork, type WebhookEntity, type WebhookMessageEntity } from '@nexos/database';
import {
  excessOf,
  isId,
  type AuditAction,
  changedFields,
  MAX_WEBHOOKS,
  type MessageFormat,
  newId,
  type NotificationType,
  QuotaExceededError,
  WEBHOOK_SECRET_PREFIX,
} from '@nexos/domain';
import {
  AccountsRepository,
  NO_SUBJECT,
  recordAudit,
  WebhookMessagesRepository,
  type WebhookOwner,
  WebhooksRepository,
} from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import { AccountTurns } from '../http/turns/account-turns.js';
import { ProjectsService } from '../projects/projects.service.js';
import { isOtherSecret } from '../audit/is-other-secret.js';
import { auditedWebhook } from './audited-webhook.js';
import type { CreateChannelDto } from './dto/create-channel.dto.js';
import type { CreateWebhookDto } from './dto/create-webhook.dto.js';
import type { UpdateWebhookDto } from './dto/update-webhook.dto.js';

const SECRET_BYTES = 32;
const DISABLED_BY_OWNER = 'It was disabled through the API.';
const TEST_TEXT = 'The webhook works. This message was requested through the API.';

/** Manages the webhooks and channels of an account and its projects. */
@Injectable()
export class OutgoingWebhooksService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly turns: AccountTurns,
    private readonly accounts: AccountsRepository,
    private readonly webhooks: WebhooksRepository,
    private readonly messages: WebhookMessagesRepository,
    private readonly projects: ProjectsService,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Returns the newest first, plus one extra row if there is a next page.
   *
   * @throws {ApiError} not-found, also for another account's project
   */
  async list(owner: WebhookOwner, page: PageQuery): Promise<WebhookEntity[]> {
    if (owner.projectId !== null) await this.projects.get(owner.accountId, owner.projectId);
    return this.webhooks.page(owner, page);
  }

  /** @throws {ApiError} not-found, also for another account's webhook */
  async get(accountId: string, id: string, options?: { isLocked: boolean }): Promise<WebhookEntity> {
    const webhook = isId('webhook', id) ? await this.webhooks.findOfAccount(accountId, id, options) : null;
    if (webhook === null) throw notFound('webhook');
    return webhook;
  }

  /**
   * Creates a webhook; returns it with its secret.
   *
   * @throws {QuotaExceededError} when the plan allows no more
   * @throws {ApiError} not-found; conflict, when there are too many
   */
  async createWebhook(
    owner: WebhookOwner,
    { url, events, secret = newSecret() }: CreateWebhookDto,
  ): Promise<{ webhook: WebhookEntity; secret: string }> {
    const webhook = await this.create(owner, { format: 'standard', url, sealed: secret, events });
    return { webhook, secret };
  }

  /** Creates a channel, of which the address is the secret. */
  createChannel(owner: WebhookOwner, { url, events, format }: CreateChannelDto): Promise<WebhookEntity> {
    return this.create(owner, { format, url: null, sealed: url, events });
  }

  /** @throws {ApiError} not-found; conflict, for the secret of a channel */
  update(
    accountId: string,
    id: string,
    { url, events, secret, enabled }: UpdateWebhookDto,
  ): Promise<WebhookEntity> {
    return this.unitOfWork.run(async (transaction) => {
      const before = await this.get(accountId, id, { isLocked: true });
      const { format, projectId } = before;
      const isSigned = format === 'standard';
      if (!isSigned && secret !== undefined) {
        throw new ApiError('conflict', `Messages of the format ${format} are not signed. Leave out secret.`);
      }
      const sealed = isSigned ? secret : url;
      await this.webhooks.change(id, {
        ...(isSigned && url !== undefined && { url }),
        ...(sealed !== undefined && { sealedSecret: this.sealer.seal(sealed, sealIdentity.webhook(id)) }),
        ...(events !== undefined && { events }),
      });
      if (enabled === true) await this.webhooks.enable(id);
      if (enabled === false) await this.webhooks.disable(id, DISABLED_BY_OWNER);
      transaction.enqueue({ queue: 'notify', name: 'send-messages', payload: { webhookId: id } });
      const after = await this.get(accountId, id);
      const changed = changedFields(auditedWebhook(before), auditedWebhook(after));
      const secret_changed =
        sealed !== undefined &&
        isOtherSecret(this.sealer, before.sealedSecret, sealIdentity.webhook(id), sealed);
      if (changed === null && !secret_changed) return after;
      await recordAudit(transaction, {
        action: 'webhook.update',
        subject: id,
        projectId,
        before: changed?.before ?? {},
        after: { ...changed?.after, ...(secret_changed && { secret_changed }) },
      });
      return after;
    });
  }

  /** @throws {ApiError} not-found, also if it is already deleted */
  async delete(accountId: string, id: string): Promise<void> {
    await this.unitOfWork.run(async (transaction) => {
      const webhook = await this.get(accountId, id);
      // Of two requests at once, one deletes it.
      if (!(await this.webhooks.delete(id))) throw notFound('webhook');
      await this.audit(transaction, 'webhook.delete', webhook, { before: auditedWebhook(webhook) });
    });
  }

  /** @throws {ApiError} not-found; conflict, for a disabled webhook */
  test(accountId: string, id: string): Promise<WebhookMessageEntity> {
    return this.sendNow(accountId, id, 'webhook.test', () => {
      const data = { ...NO_SUBJECT, webhook: { id }, message: TEST_TEXT };
      return this.messages.addTest({ id: newId('message'), webhookId: id, data, at: new Date() });
    });
  }

  /** @throws {ApiError} not-found; conflict, for a disabled webhook */
  replay(accountId: string, id: string, messageId: string): Promise<WebhookMessageEntity> {
    return this.sendNow(accountId, id, 'webhook.replay', async () => {
      const isKnown = isId('message', messageId) && (await this.messages.find(id, messageId)) !== null;
      if (!isKnown) throw notFound('delivery');
      return this.messages.replay(id, messageId);
    });
  }

  /**
   * Returns the messages to a webhook, the newest first, plus one extra row if there is a next page.
   *
   * @throws {ApiError} not-found
   */
  async listMessages(accountId: string, id: string, page: PageQuery): Promise<WebhookMessageEntity[]> {
    await this.get(accountId, id);
    return this.messages.page(id, page);
  }

  /** Locks the project or the account, so that concurrent requests cannot exceed the limit. */
  private create(
    owner: WebhookOwner,
    wanted: { format: MessageFormat; url: string | null; sealed: string; events: NotificationType[] },
  ): Promise<WebhookEntity> {
    return this.turns.run(owner.accountId, async (transaction) => {
      if (owner.projectId === null) await this.webhooks.lockAccount(owner.accountId);
      else await this.lockProject(owner.accountId, owner.projectId);
      const count = await this.webhooks.count(owner);
      const limits = await this.accounts.limitsOf(owner.accountId);
      const excess = excessOf('webhooks_per_project', limits, count, count + 1);
      if (excess !== null) throw new QuotaExceededError(excess);
      if (count >= MAX_WEBHOOKS) {
        const what = owner.projectId === null ? 'An account' : 'A project';
        throw new ApiError(
          'conflict',
          `${what} can have at most ${MAX_WEBHOOKS} webhooks. Delete some first.`,
        );
      }
      const id = newId('webhook');
      const { format, url, sealed, events } = wanted;
      const sealedSecret = this.sealer.seal(sealed, sealIdentity.webhook(id));
      const webhook = await this.webhooks.create({ id, ...owner, format, url, sealedSecret, events });
      await this.audit(transaction, 'webhook.create', webhook, { after: auditedWebhook(webhook) });
      return webhook;
    });
  }

  private async lockProject(accountId: string, projectId: string): Promise<void> {
    const { status } = await this.projects.get(accountId, projectId, { isLocked: true });
    if (status !== 'active') {
      throw new ApiError('conflict', 'The project is being deleted, so it can have no new webhooks.');
    }
  }

  private audit(
    transaction: Transaction,
    action: AuditAction,
    { id, projectId }: WebhookEntity,
    change: { readonly before?: object; readonly after?: object },
  ): Promise<void> {
    return recordAudit(transaction, { action, subject: id, projectId, ...change });
  }

  private sendNow(
    accountId: string,
    id: string,
    action: AuditAction,
    add: () => Promise<WebhookMessageEntity>,
  ): Promise<WebhookMessageEntity> {
    return this.unitOfWork.run(async (transaction) => {
      const webhook = await this.get(accountId, id);
      if (webhook.disabledAt !== null)
        throw new ApiError('conflict', 'The webhook is disabled. Enable it first.');
      const message = await add();
      await this.webhooks.endPause(id);
      await this.audit(transaction, action, webhook, { after: { message_id: message.id } });
      transaction.enqueue({ queue: 'notify', name: 'send-messages', payload: { webhookId: id } });
      return message;
    });
  }
}

function newSecret(): string {
  return `${WEBHOOK_SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}
