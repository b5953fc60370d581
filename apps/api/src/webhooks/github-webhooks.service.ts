import { IngressConfig } from '@nexos/config';
import {
  ProjectEntity,
  BatchLoader,
  type Transaction,
  UnitOfWork,
  WebhookDeliveryEntity,
} from '@nexos/database';
import { type BranchMove, type DeliveredPush, takePush, takePushesAtOnce } from '@nexos/state';
import { Metrics } from '@nexos/observability';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { branchMoveOf, type DeliveredMove, type GithubDelivery } from './branch-move.js';
import type { DeliveryResponse } from './delivery.response.js';

/** Two, so that one that waits for the disk does not keep all others waiting. */
const TOGETHER = { underWay: 2, items: 100 };

/** Takes webhook deliveries: each once, and all that follows from it in one transaction. */
@Injectable()
export class GithubWebhooksService {
  private readonly logger = new Logger(GithubWebhooksService.name);

  private readonly pushes: BatchLoader<DeliveredPush, boolean>;

  constructor(
    dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly ingress: IngressConfig,
    private readonly metrics: Metrics,
  ) {
    this.pushes = new BatchLoader((some) => takePushesAtOnce(dataSource, unitOfWork, some), TOGETHER);
  }

  /** @throws {ApiError} validation, for a push or delete event that lacks what makes it one */
  async receive(delivery: GithubDelivery): Promise<DeliveryResponse> {
    const delivered = branchMoveOf(delivery);
    const result =
      (await this.takeAtOnce(delivery, delivered)) ?? (await this.takeInSteps(delivery, delivered));
    this.metrics.webhooks.inc({
      event: delivery.event === 'push' || delivery.event === 'delete' ? delivery.event : 'other',
      outcome: result.outcome,
    });
    this.logger.log(
      `delivery ${delivery.id}: ${delivery.event}, ${result.matched} project(s), ${result.outcome}`,
    );
    return result;
  }

  /** The short way for the usual push; null when it is not one. */
  private async takeAtOnce(
    { id, event }: GithubDelivery,
    { repository, installationId, move }: DeliveredMove,
  ): Promise<DeliveryResponse | null> {
    if (event !== 'push' || repository === null || move?.commit == null) return null;
    const push = { deliveryId: id, repository, installationId, move: { ...move, commit: move.commit } };
    const isTaken = await this.pushes.about(push);
    return isTaken ? { delivery: id, matched: 1, outcome: 'deployed' } : null;
  }

  private takeInSteps(
    delivery: GithubDelivery,
    { repository, installationId, move }: DeliveredMove,
  ): Promise<DeliveryResponse> {
    return this.unitOfWork.run(async (transaction) => {
      if (!(await recordDelivery(transaction, delivery, repository))) {
        return { delivery: delivery.id, ...(await earlierResult(transaction, delivery.id)) };
      }
      const projects = await projectsOf(transaction, repository);
      const outcomes: string[] = [];
      for (const project of projects) {
        if (move !== null) outcomes.push(await this.apply(transaction, project, installationId, move));
      }
      const outcome = outcomes.length > 0 ? [...new Set(outcomes)].sort().join(',') : 'ignored';
      await transaction.manager.update(WebhookDeliveryEntity, delivery.id, {
        matched: projects.length,
        outcome,
      });
      return { delivery: delivery.id, matched: projects.length, outcome };
    });
  }

  private async apply(
    transaction: Transaction,
    project: ProjectEntity,
    installationId: string | null,
    move: BranchMove,
  ): Promise<string> {
    if (installationId !== null && project.installationId !== installationId) {
      await transaction.manager.update(ProjectEntity, project.id, { installationId });
    }
    return takePush(transaction, project, move, this.ingress.baseDomain);
  }
}

/** False when a delivery of that id was taken before. A concurrent twin waits here for the first to commit. */
async function recordDelivery(
  { manager }: Transaction,
  { id, event }: GithubDelivery,
  repository: string | null,
): Promise<boolean> {
  const result = await manager
    .createQueryBuilder()
    .insert()
    .into(WebhookDeliveryEntity)
    .values({ id, event, repository, matched: 0, outcome: 'ignored' })
    .orIgnore()
    .returning('id')
    .execute();
  return (result.raw as unknown[]).length > 0;
}

async function earlierResult(
  { manager }: Transaction,
  id: string,
): Promise<Omit<DeliveryResponse, 'delivery'>> {
  const { matched } = await manager.findOneByOrFail(WebhookDeliveryEntity, { id });
  return { matched, outcome: 'duplicate' };
}

/**
 * In the order of their ids, so that two deliveries lock the same rows in the same order. One that is just moving to or
 * from the repository is waited for.
 */
async function projectsOf({ manager }: Transaction, repository: string | null): Promise<ProjectEntity[]> {
  if (repository === null) return [];
  return manager.find(ProjectEntity, {
    where: { repositoryKey: repository.toLowerCase(), status: 'active' },
    order: { id: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
}
