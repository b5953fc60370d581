import { Metrics } from '@nexos/observability';
import { type DeliveryBacklog, DeliveriesRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** Measures how many deliveries wait, and for how long. All workers report the same values. */
@Injectable()
export class DeliveryBacklogGauges {
  private readonly logger = new Logger(DeliveryBacklogGauges.name);

  constructor(
    private readonly deliveries: DeliveriesRepository,
    metrics: Metrics,
  ) {
    metrics.gauge({
      name: 'nexos_waiting_deliveries',
      help: 'Webhook deliveries waiting to be processed',
      labelNames: [],
      collect: (gauge) => this.measure(({ waiting }) => gauge.set(waiting)),
    });
    metrics.gauge({
      name: 'nexos_oldest_waiting_delivery_seconds',
      help: 'How long the oldest waiting webhook delivery has waited; 0 when none waits',
      labelNames: [],
      collect: (gauge) => this.measure(({ oldestSeconds }) => gauge.set(oldestSeconds)),
    });
  }

  /** Logs a failure, so that the other metrics stay readable while Postgres is unreachable. */
  private async measure(set: (backlog: DeliveryBacklog) => void): Promise<void> {
    try {
      set(await this.deliveries.backlog());
    } catch (error) {
      this.logger.warn(`could not count waiting deliveries: ${(error as Error).message}`);
    }
  }
}
