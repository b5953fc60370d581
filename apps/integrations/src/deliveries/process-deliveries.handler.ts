import { setTimeout } from 'node:timers/promises';
import { faultPoint } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { BuildLog } from '@nexos/logs';
import { Metrics } from '@nexos/observability';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { DeliveryProcessor } from './delivery-processor.js';

/** How often the lock of a repository is asked for that another process works on, in milliseconds. */
const LOCK_POLL_MS = 20;
/** A process that has it for longer, because it is frozen, is to keep no worker busy. */
const BUSY_MS = 2_000;

/** Processes all deliveries that wait for a repository, one by one in order of receipt. */
@Injectable()
@HandlesJob('deliveries', 'process-deliveries')
export class ProcessDeliveriesHandler implements JobHandler<'deliveries', 'process-deliveries'> {
  private readonly logger = new Logger(ProcessDeliveriesHandler.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly processor: DeliveryProcessor,
    private readonly log: BuildLog,
    private readonly metrics: Metrics,
  ) {}

  async handle({ repository }: { repository: string }, stopping: AbortSignal): Promise<void> {
    let busySince: number | null = null;
    while (!stopping.aborted) {
      const step = await this.processor.processNext(repository);
      faultPoint('delivery.committed');
      if (step.kind === 'processed') await this.tell(step);
      if (step.kind === 'rest') {
        faultPoint('delivery.drained');
        return;
      }
      if (step.kind !== 'busy') {
        busySince = null;
        continue;
      }
      busySince ??= Date.now();
      if (Date.now() > busySince + BUSY_MS) return this.goOn(repository, BUSY_MS);
      // The process that has the lock may have looked for more just before this delivery was accepted.
      await setTimeout(LOCK_POLL_MS);
    }
    // Another process goes on at once, rather than when a sweep finds what is left.
    await this.goOn(repository, 0);
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

  private goOn(repository: string, inMs: number): Promise<void> {
    return this.unitOfWork.run((transaction) => {
      transaction.enqueue({ queue: 'deliveries', name: 'process-deliveries', payload: { repository } }, inMs);
      return Promise.resolve();
    });
  }
}
