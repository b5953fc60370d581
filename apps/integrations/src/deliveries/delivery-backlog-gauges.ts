import { Metrics } from '@nexos/observability';
import { type DeliveryBacklog, DeliveriesRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** Measures how many deliveries wait, and for how long. All workers see the same ones. */
@Injectable()
export class DeliveryBacklogGauges {
  private readonly logger = new Logger(DeliveryBacklogGauges.name);

  constructor(
    private readonly deliveries: DeliveriesRepository,
    metrics: Metrics,
  ) {
    metrics.gauge({
      name: 'nexos_waiting_deliveries',
      help: 'Webhook deliveries that wait to be processed',
      labelNames: [],
      collect: (gauge) => this.measure(({ waiting }) => gauge.set(waiting)),
    });
    metrics.gauge({
      name: 'nexos_oldest_waiting_delivery_seconds',
      help: 'How long the oldest webhook delivery has waited to be processed; 0 where none waits',
      labelNames: [],
      collect: (gauge) => this.measure(({ oldestSeconds }) => gauge.set(oldestSeconds)),
    });
  }

  /** While Postgres is away, the other figures are still answered. */
  private async measure(set: (backlog: DeliveryBacklog) => void): Promise<void> {
    try {
      set(await this.deliveries.backlog());
    } catch (error) {
      this.logger.warn(`the deliveries that wait are not counted: ${(error as Error).message}`);
    }
  }
}
