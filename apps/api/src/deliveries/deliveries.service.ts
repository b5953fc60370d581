import { UnitOfWork } from '@nexos/database';
import { type AccessConfirmation, isAccessConfirmed } from '@nexos/domain';
import { ConfiguredApp } from '@nexos/github';
import {
  AccountsRepository,
  DeliveriesRepository,
  DeliveryLists,
  type DeliveryView,
  recordAudit,
} from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import type { DeliveriesQuery } from './dto/deliveries-query.dto.js';
import { toDeliveryResponse, type DeliveryResponse } from './delivery.response.js';

/** Reads and replays webhook deliveries. A delivery may concern several accounts, so only operators see all of it. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly lists: DeliveryLists,
    private readonly app: ConfiguredApp,
  ) {}

  /** Returns the newest first, plus one extra row if there is a next page. Empty for a non-operator. */
  async list(accountId: string, query: DeliveriesQuery): Promise<DeliveryView[]> {
    return (await this.accounts.isOperator(accountId)) ? this.lists.ofAll(query, query) : [];
  }

  /** @throws {ApiError} not-found, also for a non-operator */
  async get(accountId: string, id: string): Promise<DeliveryResponse> {
    const delivery = (await this.accounts.isOperator(accountId)) ? await this.lists.find(id) : null;
    if (delivery === null) throw notFound('delivery');
    return toDeliveryResponse(delivery);
  }

  /** Returns the deliveries that concern a project of the caller. */
  async ofProject(
    project: AccessConfirmation & { readonly id: string; readonly repositoryKey: string },
    page: PageQuery,
  ): Promise<DeliveryView[]> {
    const { id, repositoryKey } = project;
    const mayLearn = isAccessConfirmed(project) || !(await this.app.requiresConnection());
    return this.lists.ofProject({ id, repositoryKey, mayLearn }, page);
  }

  /**
   * Queues a delivery to be processed again. Retries a waiting one at once.
   *
   * @throws {ApiError} not-found, also for a non-operator; conflict, when the body is no longer stored
   */
  replay(
    { accountId, credentialId: actor }: Principal,
    id: string,
    force: boolean,
  ): Promise<DeliveryResponse> {
    return this.unitOfWork.run(async (transaction) => {
      const { outcome, reason } = await this.get(accountId, id);
      if (await this.deliveries.replay(transaction, id, { force, actor })) {
        const change = { before: { outcome, reason }, after: { outcome: 'accepted', force } };
        await recordAudit(transaction, { action: 'delivery.replay', subject: id, ...change });
        return this.get(accountId, id);
      }
      throw new ApiError(
        'conflict',
        reason === 'event'
          ? 'Nexos does not act on this event, so there is nothing to replay.'
          : 'The body of the delivery was deleted after 7 days. ' +
              'Push again, or deploy the commit with POST /api/projects/:id/deployments.',
      );
    });
  }
}
