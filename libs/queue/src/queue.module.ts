import { RedisConfig } from '@nexos/config';
import { DatabaseModule } from '@nexos/database';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import type { Redis } from 'ioredis';
import { JobQueues } from './job-queues.js';
import { JobWorker, type JobWorkerOptions } from './job-worker.js';
import { OutboxRelay } from './outbox-relay.js';
import { connectFailingFast, connectPatiently } from './redis-connection.js';
import { FAST_REDIS, LOG_SUBSCRIBER, PATIENT_REDIS } from './redis.tokens.js';

/** Outgoing jobs: the outbox and its queues. Also owns the process's connections to Redis. */
@Module({
  imports: [DatabaseModule],
  providers: [
    { provide: FAST_REDIS, inject: [RedisConfig], useFactory: connectFailingFast },
    { provide: PATIENT_REDIS, inject: [RedisConfig], useFactory: connectPatiently },
    { provide: LOG_SUBSCRIBER, inject: [RedisConfig], useFactory: connectFailingFast },
    JobQueues,
    OutboxRelay,
  ],
  exports: [JobQueues, FAST_REDIS, PATIENT_REDIS, LOG_SUBSCRIBER],
})
export class QueueModule implements OnApplicationShutdown {
  constructor(
    @Inject(FAST_REDIS) private readonly fast: Redis,
    @Inject(PATIENT_REDIS) private readonly patient: Redis,
    @Inject(LOG_SUBSCRIBER) private readonly subscriber: Redis,
  ) {}

  onApplicationShutdown(): void {
    this.fast.disconnect();
    this.patient.disconnect();
    this.subscriber.disconnect();
  }
}

/** Incoming jobs: one worker on one queue. */
@Module({})
export class WorkerModule {
  static forQueue(
    makeOptions: (...args: never[]) => JobWorkerOptions,
    inject: unknown[] = [],
  ): DynamicModule {
    return {
      module: WorkerModule,
      imports: [QueueModule, DiscoveryModule],
      providers: [
        { provide: 'JOB_WORKER_OPTIONS', inject: inject as never[], useFactory: makeOptions as never },
        {
          provide: JobWorker,
          inject: ['JOB_WORKER_OPTIONS', DiscoveryService, PATIENT_REDIS, RedisConfig],
          useFactory: (
            options: JobWorkerOptions,
            discovery: DiscoveryService,
            redis: Redis,
            config: RedisConfig,
          ) => new JobWorker(options, discovery, redis, config),
        },
      ],
    };
  }
}
