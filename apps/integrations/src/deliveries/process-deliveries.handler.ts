import { faultPoint } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { BuildLog } from '@nexos/logs';
import { Metrics } from '@nexos/observability';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { DeliveriesRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { DeliveryProcessor } from './delivery-processor.js';

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
   * more after it has released it, and finds whatever was accepted before this one asked for the lock.
   */
  async handle({ repository }: { repository: string }, stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const step = await this.processor.processNext(repository);
      faultPoint('delivery.committed');
      if (step.kind === 'busy') return;
      if (step.kind === 'processed') await this.tell(step);
      if (step.kind !== 'rest') continue;
      faultPoint('delivery.drained');
      if (!(await this.deliveries.isAnyDue(repository))) return;
    }
    // Another process goes on at once, rather than when a sweep finds what is left.
    await this.goOn(repository);
  }

  private async tell({ id, event, outcome }: { id: string; event: string; outcome: string }): Promise<void> {
    this.metrics.processedDeliveries.inc({
      event: event === 'push' || event === 'delete' ? event : 'other',
      outcome,
    });
    await this.log.wake(id).catch((error: unknown) => {
      this.logger.warn(`those who wait for delivery ${id} were not woken: ${(error as Error).message}`);
    });
    faultPoint('delivery.told');
  }

  private goOn(repository: string): Promise<void> {
    return this.unitOfWork.run((transaction) => {
      transaction.enqueue({ queue: 'deliveries', name: 'process-deliveries', payload: { repository } });
      return Promise.resolve();
    });
  }
}
