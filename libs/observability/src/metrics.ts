import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

interface MeasuredGauge<T extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly T[];
  readonly collect: (gauge: Gauge<T>) => Promise<void>;
}

/** Metrics of this process, in the Prometheus text format. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  readonly jobs = new Histogram({
    name: 'nexos_job_duration_seconds',
    help: 'Duration of jobs, by queue, job and outcome',
    labelNames: ['queue', 'job', 'outcome'] as const,
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900],
    registers: [this.registry],
  });

  readonly deployments = new Counter({
    name: 'nexos_deployments_total',
    help: 'Deployments by outcome; a live one is counted again when it is replaced',
    labelNames: ['status'] as const,
    registers: [this.registry],
  });

  readonly webhooks = new Counter({
    name: 'nexos_webhook_deliveries_total',
    help: 'Webhook deliveries received, by event and response',
    labelNames: ['event', 'outcome'] as const,
    registers: [this.registry],
  });

  readonly processedDeliveries = new Counter({
    name: 'nexos_processed_deliveries_total',
    help: 'Webhook deliveries processed, by event and outcome',
    labelNames: ['event', 'outcome'] as const,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Registers a gauge that is measured at each scrape. */
  gauge<T extends string>(figure: MeasuredGauge<T>): void {
    const { collect, ...configuration } = figure;
    const registers = [this.registry];
    new Gauge<T>({
      ...configuration,
      registers,
      async collect() {
        this.reset();
        await collect(this);
      },
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
