import { ConfigModule } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import {
  DeploymentMetricsModule,
  Health,
  HealthServerModule,
  jobContext,
  Metrics,
  ObservabilityModule,
} from '@nexos/observability';
import { FAST_REDIS, QueueModule, WorkerModule } from '@nexos/queue';
import { StateModule } from '@nexos/state';
import { Inject, Module, type DynamicModule } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { CheckQuotasHandler } from './check-quotas.handler.js';
import { DeleteExpiredHandler } from './delete-expired.handler.js';
import { ExpireEnvironmentsHandler } from './expire-environments.handler.js';
import { MeterBuildsHandler } from './meter-builds.handler.js';
import { Schedules } from './schedules.js';

@Module({})
export class QuotaWorkerModule {
  static forRoot(config: Record<string, object>): DynamicModule {
    return {
      module: QuotaWorkerModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule,
        HealthServerModule,
        StateModule,
        DeploymentMetricsModule,
        QueueModule,
        WorkerModule.forQueue(
          (metrics: Metrics) => ({ queue: 'quota', concurrency: 2, context: jobContext(metrics) }),
          [Metrics],
        ),
      ],
      providers: [
        CheckQuotasHandler,
        DeleteExpiredHandler,
        ExpireEnvironmentsHandler,
        MeterBuildsHandler,
        Schedules,
      ],
    };
  }

  constructor(health: Health, unitOfWork: UnitOfWork, @Inject(FAST_REDIS) redis: Redis) {
    health.register('postgres', () => unitOfWork.ping());
    health.register('redis', () => redis.ping());
  }
}
