import { setTimeout as wait } from 'node:timers/promises';
import { RedisConfig } from '@nexos/config';
import { JOB_NAMES, type JobContext, type QueueName } from '@nexos/contracts';
import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { HandlesJobMetadata, type JobHandler } from './job-handler.decorator.js';

/** Milliseconds that the worker may take to close its connection to Redis. */
const CLOSE_MS = 3_000;

type AnyHandler = JobHandler<QueueName, never>;

export interface JobWorkerOptions {
  readonly queue: QueueName;
  readonly concurrency: number;
  readonly context: JobContext;
}

/** Takes jobs from one queue and passes each to its handler. */
export class JobWorker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(JobWorker.name);
  private readonly stopping = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private worker: Worker | undefined;
  private closed: Promise<void> | undefined;

  constructor(
    private readonly options: JobWorkerOptions,
    private readonly discovery: DiscoveryService,
    private readonly redis: Redis,
    private readonly config: RedisConfig,
  ) {}

  onApplicationBootstrap(): void {
    const { queue, concurrency } = this.options;
    const handlers = this.findHandlers();
    this.worker = new Worker(queue, (job) => this.track(this.work(handlers, job)), {
      connection: this.redis,
      prefix: this.config.prefix,
      concurrency,
      lockDuration: this.config.queueLockMs,
      stalledInterval: this.config.queueStalledMs,
      maxStalledCount: 10,
    });
    this.worker.on('error', (error) => this.logger.warn(`queue ${queue}: ${error.message}`));
    this.worker.on('stalled', (id) => this.logger.warn(`job ${id} stalled and was re-enqueued`));
  }

  /** Stops taking jobs and aborts the running ones, before anything else of the process stops. */
  onModuleDestroy(): void {
    this.stopping.abort(new Error('the process is stopping'));
    this.closed = this.worker?.close();
  }

  /** Waits until the running jobs have ended. */
  async beforeApplicationShutdown(): Promise<void> {
    // `close` waits for an unreachable Redis; only the jobs must have ended.
    while (this.running.size > 0) await Promise.allSettled(this.running);
    await Promise.race([this.closed, wait(CLOSE_MS, undefined, { ref: false })]);
  }

  private async track(work: Promise<void>): Promise<void> {
    this.running.add(work);
    try {
      await work;
    } finally {
      this.running.delete(work);
    }
  }

  private async work(handlers: ReadonlyMap<string, AnyHandler>, job: Job): Promise<void> {
    const handler = handlers.get(job.name);
    if (handler === undefined) throw new Error(`no handler for job ${job.name}`);
    await this.options.context(this.options.queue, job, async () => {
      try {
        await handler.handle(job.data as never, this.stopping.signal, job.stalledCounter);
      } catch (error) {
        this.logger.error(`job ${job.name} failed: ${(error as Error).message}`, (error as Error).stack);
        throw error;
      }
    });
  }

  /** @throws when a job of the queue has no handler or two, which must stop the process at start-up */
  private findHandlers(): ReadonlyMap<string, AnyHandler> {
    const handlers = new Map<string, AnyHandler>();
    const { queue } = this.options;
    for (const wrapper of this.discovery.getProviders({ metadataKey: HandlesJobMetadata.KEY })) {
      const handled = this.discovery.getMetadataByDecorator(HandlesJobMetadata, wrapper);
      if (handled?.queue !== queue) continue;
      if (handlers.has(handled.name)) throw new Error(`job ${queue}/${handled.name} has two handlers`);
      handlers.set(handled.name, wrapper.instance as AnyHandler);
    }
    const missing = JOB_NAMES[queue].filter((name) => !handlers.has(name));
    if (missing.length > 0)
      throw new Error(`jobs of queue ${queue} without a handler: ${missing.join(', ')}`);
    return handlers;
  }
}
