import { faultPoint } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { BuildLog } from '@nexos/logs';
import { Metrics } from '@nexos/observability';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { DeliveriesRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { DeliveryProcessor } from './delivery-processor.js';

/** A turn of one repository: after so many deliveries, or so long, those that wait for a worker have theirs. */
const TURN = { deliveries: 50, ms: 1_000 };

/** Until the next attempt after a deadlock and the like, in milliseconds. */
const CONTENTION_MS = 200;

/**
 * A worker may die of anything, such as an update. When one more dies of the same job, its first delivery is to blame:
 * no attempt of it could be counted, since each ended with its worker.
 */
const FORGIVEN_CRASHES = 1;

/** Processes all deliveries that wait for a repository, one by one in order of receipt. */
@Injectable()
@HandlesJob('deliveries', 'process-deliveries')
export class ProcessDeliveriesHandler implements JobHandler<'deliveries', 'process-deliveries'> {
  private readonly logger = new Logger(ProcessDeliveriesHandler.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly processor: DeliveryProcessor,
    private readonly deliveries: DeliveriesRepository,
    private readonly log: BuildLog,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Leaves a repository alone whose lock another worker holds. Nothing is lost by that: the one that holds it looks once
   * more after it has released it, and finds whatever was accepted before this one asked for the lock. After a turn the
   * repository goes back to the end of the queue, so that one that is pushed to all the time does not starve others.
   */
  async handle(
    { repository }: { repository: string },
    stopping: AbortSignal,
    crashes: number,
  ): Promise<void> {
    if (crashes > FORGIVEN_CRASHES) {
      const step = await this.processor.countCrash(repository);
      if (step.kind === 'processed') this.tell(step);
    }
    const endsAt = performance.now() + TURN.ms;
    let processed = 0;
    while (!stopping.aborted && processed < TURN.deliveries && performance.now() < endsAt) {
      const step = await this.processor.processNext(repository);
      faultPoint('delivery.committed');
      if (step.kind === 'busy') return;
      if (step.kind === 'contended') return this.goOn(repository, CONTENTION_MS);
      if (step.kind === 'processed') {
        processed++;
        this.tell(step);
      }
      if (step.kind !== 'rest') continue;
      faultPoint('delivery.drained');
      if (!(await this.deliveries.isAnyDue(repository))) return;
    }
    // Sooner than a sweep would find what is left. Another process takes it where this one is stopping.
    await this.goOn(repository, 0);
  }

  /** Redis may hang: the drain does not wait for those who wait for a delivery to be woken. They look again by themselves. */
  private tell({ id, event, outcome }: { id: string; event: string; outcome: string }): void {
    this.metrics.processedDeliveries.inc({
      event: event === 'push' || event === 'delete' ? event : 'other',
      outcome,
    });
    this.log.wake(id).catch((error: unknown) => {
      this.logger.warn(`those who wait for delivery ${id} were not woken: ${(error as Error).message}`);
    });
    faultPoint('delivery.told');
  }

  private goOn(repository: string, inMs: number): Promise<void> {
    return this.unitOfWork.run((transaction) => {
      transaction.enqueue({ queue: 'deliveries', name: 'process-deliveries', payload: { repository } }, inMs);
      return Promise.resolve();
    });
  }
}
