import { faultPoint } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { BuildLog } from '@nexos/logs';
import { Metrics } from '@nexos/observability';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { DeliveriesRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { DeliveryProcessor } from './delivery-processor.js';

/** The limits of one repository's turn; waiting repositories come next. */
const TURN = { deliveries: 50, ms: 1_000 };

/** Milliseconds until the retry after a deadlock or other contention. */
const CONTENTION_MS = 200;

/**
 * Crashes of a job before its first delivery is blamed. One crash may have any cause, such as an update. Crashed
 * attempts are counted here because the worker died before it could count them.
 */
const FORGIVEN_CRASHES = 1;

/** Processes a repository's waiting deliveries one by one, in order of receipt. */
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
   * Skips a repository whose lock another worker holds. Nothing is lost: that worker checks once more after it releases
   * the lock, and finds everything accepted before this worker asked for it. After a turn the repository goes to the
   * end of the queue, so that a busy repository does not starve others.
   */
  async handle(
    { repository }: { repository: string },
    stopping: AbortSignal,
    crashes: number,
  ): Promise<void> {
    if (crashes > FORGIVEN_CRASHES) {
      const step = await this.processor.countCrash(repository);
      if (step.kind === 'processed') this.report(step);
    }
    const endsAt = performance.now() + TURN.ms;
    let processed = 0;
    while (!stopping.aborted && processed < TURN.deliveries && performance.now() < endsAt) {
      const step = await this.processor.processNext(repository);
      faultPoint('delivery.committed');
      if (step.kind === 'busy') return;
      if (step.kind === 'contended') return this.requeue(repository, CONTENTION_MS);
      if (step.kind === 'processed') {
        processed++;
        this.report(step);
      }
      if (step.kind !== 'rest') continue;
      faultPoint('delivery.drained');
      if (!(await this.deliveries.isAnyDue(repository))) return;
    }
    // Re-enqueue the rest, which is faster than waiting for a sweep; another process takes it if this one is stopping.
    await this.requeue(repository, 0);
  }

  /**
   * Reports a processed delivery. Does not wait for the wake-up, since Redis may hang; waiting clients poll as well.
   */
  private report({ id, event, outcome }: { id: string; event: string; outcome: string }): void {
    this.metrics.processedDeliveries.inc({
      event: event === 'push' || event === 'delete' ? event : 'other',
      outcome,
    });
    this.log.wake(id).catch((error: unknown) => {
      this.logger.warn(`could not wake the clients waiting for delivery ${id}: ${(error as Error).message}`);
    });
    faultPoint('delivery.told');
  }

  private requeue(repository: string, inMs: number): Promise<void> {
    return this.unitOfWork.run((transaction) => {
      transaction.enqueue({ queue: 'deliveries', name: 'process-deliveries', payload: { repository } }, inMs);
      return Promise.resolve();
    });
  }
}
