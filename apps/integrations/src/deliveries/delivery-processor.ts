import { DeliveriesConfig, faultPoint, IngressConfig } from '@nexos/config';
import { isDatabaseAway, type ProjectEntity, type Transaction, UnitOfWork } from '@nexos/database';
import { deliveryRetryMs, type DeliveryResult } from '@nexos/domain';
import type { DeliveredMove } from '@nexos/github';
import { BranchLookupsRepository, DeliveriesRepository, takePush, type WaitingDelivery } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { isContention } from './is-contention.js';
import { readStoredDelivery, UnreadableDeliveryError } from './stored-delivery.js';

/** Of an error's text, so that no row grows with it. */
const ERROR_CHARACTERS = 500;

/** What became of the first delivery that waited for a repository. */
export type Step =
  /** None waits, or the first one is not to be tried yet. */
  | { readonly kind: 'rest' }
  /** Another worker holds the repository's lock. */
  | { readonly kind: 'busy' }
  /** Others were busy with the same rows. No attempt is counted. */
  | { readonly kind: 'contended' }
  | { readonly kind: 'processed'; readonly id: string; readonly event: string; readonly outcome: string }
  | { readonly kind: 'retried' };

/** Processes deliveries: the only way from a delivery to a branch. */
@Injectable()
export class DeliveryProcessor {
  private readonly logger = new Logger(DeliveryProcessor.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly deliveries: DeliveriesRepository,
    private readonly lookups: BranchLookupsRepository,
    private readonly ingress: IngressConfig,
    private readonly config: DeliveriesConfig,
  ) {}

  /**
   * Processes the first delivery that waits for a repository. Its outcome and its effect commit together.
   *
   * @throws what makes the database unavailable for the time being: no attempt is counted then
   */
  async processNext(repository: string): Promise<Step> {
    let current: WaitingDelivery | undefined;
    try {
      const step = await this.unitOfWork.run(async (transaction): Promise<Step> => {
        faultPoint('delivery.begun');
        if (!(await this.deliveries.lockRepository(repository))) return { kind: 'busy' };
        const delivery = await this.deliveries.next(repository);
        if (delivery === null || delivery.retryInMs > 0) return { kind: 'rest' };
        current = delivery;
        faultPoint('delivery.locked');
        const outcome = await this.process(transaction, repository, delivery);
        faultPoint('delivery.recorded');
        return { kind: 'processed', id: delivery.id, event: delivery.event, outcome };
      });
      if (step.kind === 'processed') {
        this.logger.log(`delivery ${step.id}: ${step.event} of ${repository}, ${step.outcome}`);
      }
      return step;
    } catch (error) {
      if (isContention(error)) {
        this.logger.warn(`a delivery of ${repository} is tried again shortly: ${(error as Error).message}`);
        return { kind: 'contended' };
      }
      if (current === undefined || isDatabaseAway(error)) throw error;
      return await this.recordFailure(repository, current, error as Error);
    }
  }

  /** Counts an attempt of the first delivery that waits, of which a worker died, and gives it up after the last one. */
  async countCrash(repository: string): Promise<Step> {
    return this.unitOfWork.run(async (): Promise<Step> => {
      if (!(await this.deliveries.lockRepository(repository))) return { kind: 'busy' };
      const delivery = await this.deliveries.next(repository);
      if (delivery === null || delivery.retryInMs > 0) return { kind: 'rest' };
      const attempt = delivery.attempts + 1;
      const text = 'The worker ended while it processed the delivery.';
      this.logger.warn(
        `delivery ${delivery.id}: attempt ${attempt} of ${this.config.attempts} failed: ${text}`,
      );
      if (attempt >= this.config.attempts) return this.giveUp(repository, delivery, text);
      await this.deliveries.retryLater(delivery, text, 0);
      return { kind: 'retried' };
    });
  }

  /** Applies a delivery to every project that names its repository, and records what became of it. */
  private async process(
    transaction: Transaction,
    repository: string,
    delivery: WaitingDelivery,
  ): Promise<string> {
    const delivered = await readStoredDelivery(delivery);
    const results = new Map<string, DeliveryResult>();
    for (const project of await this.deliveries.lockProjects(repository)) {
      results.set(project.id, await this.apply(transaction, project, delivery, delivered));
    }
    faultPoint('delivery.applied');
    const reason = delivered.ignoredAs ?? 'no_project';
    const { outcome } = await this.deliveries.record(delivery, results, { outcome: 'ignored', reason });
    return outcome;
  }

  private async apply(
    transaction: Transaction,
    project: ProjectEntity,
    delivery: WaitingDelivery,
    { move, installationId, ignoredAs }: DeliveredMove,
  ): Promise<DeliveryResult> {
    const options = { force: delivery.forced, replayedBy: delivery.replayedBy };
    const result: DeliveryResult =
      move === null
        ? { outcome: 'ignored', reason: ignoredAs, deploymentId: null }
        : await takePush(transaction, project, move, this.ingress.baseDomain, options);
    const isOther = installationId !== null && project.installationId !== installationId;
    // An older push may have come through an installation that is gone by now.
    if (isOther && result.reason !== 'older') {
      const isSet = await this.deliveries.setInstallation(project.id, installationId, delivery);
      if (isSet) await this.lookups.forgive(project.repositoryKey);
    }
    return result;
  }

  /**
   * Counts the attempt, and gives the delivery up after the last one, so that the next one proceeds; at once where every
   * other attempt would fail as well.
   */
  private async recordFailure(repository: string, delivery: WaitingDelivery, error: Error): Promise<Step> {
    const { id } = delivery;
    const text = `${error.name}: ${error.message}`.replaceAll('\0', '').slice(0, ERROR_CHARACTERS);
    const attempt = delivery.attempts + 1;
    this.logger.warn(`delivery ${id}: attempt ${attempt} of ${this.config.attempts} failed: ${text}`);
    return this.unitOfWork.run(async (transaction): Promise<Step> => {
      if (attempt < this.config.attempts && !(error instanceof UnreadableDeliveryError)) {
        const inMs = deliveryRetryMs(attempt, this.config.retryMs);
        if (await this.deliveries.retryLater(delivery, text, inMs)) {
          const job = { queue: 'deliveries', name: 'process-deliveries', payload: { repository } } as const;
          transaction.enqueue(job, inMs);
        }
        return { kind: 'retried' };
      }
      return this.giveUp(repository, delivery, text);
    });
  }

  private async giveUp(repository: string, delivery: WaitingDelivery, text: string): Promise<Step> {
    const { id, event } = delivery;
    const failed = await this.deliveries.fail(repository, delivery, text);
    return failed ? { kind: 'processed', id, event, outcome: 'failed' } : { kind: 'retried' };
  }
}
