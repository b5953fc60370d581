import { type NotificationType } from '@nexos/domain';
import { UnitOfWork, WebhookEntity } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { findPage, type PageRequest } from '../page.js';
import { failWaitingMessages } from './transitions.js';

/** Whose webhooks: those of one project, or those of the whole account. */
export interface WebhookOwner {
  readonly accountId: string;
  readonly projectId: string | null;
}

type NewWebhook = Pick<
  WebhookEntity,
  'id' | 'accountId' | 'projectId' | 'format' | 'url' | 'sealedSecret' | 'events'
>;

interface WebhookChanges {
  readonly url?: string;
  readonly sealedSecret?: string;
  readonly events?: NotificationType[];
}

/** Why the messages of a webhook that its owner disabled were not sent. */
const NOT_SENT = 'The webhook was disabled before the message was sent.';

/** The webhooks of accounts and projects. */
@Injectable()
export class WebhooksRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  page({ accountId, projectId }: WebhookOwner, page: PageRequest): Promise<WebhookEntity[]> {
    const where = { accountId, projectId: projectId ?? IsNull() };
    return findPage(this.unitOfWork.manager, WebhookEntity, where, page);
  }

  /** Locks the account, so that concurrent requests cannot exceed a limit. */
  async lockAccount(accountId: string): Promise<void> {
    await this.unitOfWork.manager.query('SELECT 1 FROM accounts WHERE id = $1 FOR NO KEY UPDATE', [
      accountId,
    ]);
  }

  count({ accountId, projectId }: WebhookOwner): Promise<number> {
    const where = { accountId, projectId: projectId ?? IsNull() };
    return this.unitOfWork.manager.countBy(WebhookEntity, where);
  }

  /** Returns null when it is another account's, or its project was deleted. */
  async findOfAccount(
    accountId: string,
    id: string,
    { isLocked } = { isLocked: false },
  ): Promise<WebhookEntity | null> {
    const query = this.unitOfWork.manager
      .createQueryBuilder(WebhookEntity, 'webhook')
      .leftJoin('projects', 'project', 'project.id = webhook.project_id')
      .where('webhook.id = :id AND webhook.account_id = :accountId', { id, accountId })
      .andWhere(`(project.id IS NULL OR project.status <> 'deleted')`);
    if (isLocked) query.setLock('for_no_key_update', undefined, ['webhook']);
    return query.getOne();
  }

  async create(webhook: NewWebhook): Promise<WebhookEntity> {
    await this.unitOfWork.manager.insert(WebhookEntity, webhook);
    return this.unitOfWork.manager.findOneByOrFail(WebhookEntity, { id: webhook.id });
  }

  /** Changes a webhook. What waits for it is due at once, to the new address if it changed. Call it in a transaction. */
  async change(id: string, { url, sealedSecret, events }: WebhookChanges): Promise<void> {
    const { manager } = this.unitOfWork;
    await manager.query(
      `UPDATE webhooks SET url = coalesce($2, url), sealed_secret = coalesce($3, sealed_secret),
         events = coalesce($4, events), retry_at = NULL, updated_at = now()
       WHERE id = $1`,
      [id, url ?? null, sealedSecret ?? null, events ?? null],
    );
    await manager.query(
      `UPDATE webhook_messages SET next_attempt_at = now()
       WHERE webhook_id = $1 AND status = 'pending' AND next_attempt_at > now()`,
      [id],
    );
  }

  /** Lets a webhook get messages again, about what happens from now on. */
  async enable(id: string): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE webhooks SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL, failures = 0,
         retry_at = NULL, updated_at = now()
       WHERE id = $1 AND disabled_at IS NOT NULL`,
      [id],
    );
  }

  /**
   * Stops messages to a webhook; those that wait have failed. Call it in a transaction.
   *
   * @param reason a sentence for its owner
   * @returns false when it was disabled already
   */
  async disable(id: string, reason: string): Promise<boolean> {
    const { manager } = this.unitOfWork;
    const [, disabled] = await manager.query<[unknown, number]>(
      `UPDATE webhooks SET disabled_at = now(), disabled_reason = $2, updated_at = now()
       WHERE id = $1 AND disabled_at IS NULL`,
      [id, reason],
    );
    if (disabled === 0) return false;
    await this.unitOfWork.run((transaction) => failWaitingMessages(transaction, id, NOT_SENT));
    return true;
  }

  /** Sends what waits for a failing webhook without waiting any longer. */
  async endPause(id: string): Promise<void> {
    await this.unitOfWork.manager.query('UPDATE webhooks SET retry_at = NULL WHERE id = $1', [id]);
  }

  /** Returns false when it was deleted already. */
  async delete(id: string): Promise<boolean> {
    const { affected } = await this.unitOfWork.manager.delete(WebhookEntity, { id });
    return affected === 1;
  }
}
