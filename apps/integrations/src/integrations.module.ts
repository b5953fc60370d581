import { ConfigModule, GithubConfig } from '@nexos/config';
import { DatabaseModule } from '@nexos/database';
import { RemoteBranches } from '@nexos/git';
import { GithubModule } from '@nexos/github';
import { Health, HealthServerModule, jobContext, Metrics, ObservabilityModule } from '@nexos/observability';
import { FAST_REDIS, QueueModule, WorkerModule } from '@nexos/queue';
import { Inject, Module, type DynamicModule } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { DoubtSweeper } from './branches/doubt-sweeper.js';
import { FollowBranchHandler } from './branches/follow-branch.handler.js';

interface Config extends Record<string, object> {
  github: GithubConfig;
}

/** Questions to Git hosts that one process asks at once. They wait for other machines, and take no processor time. */
const QUESTIONS_AT_ONCE = 4;

@Module({})
export class IntegrationsModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: IntegrationsModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule,
        HealthServerModule,
        DatabaseModule,
        QueueModule,
        GithubModule.forRoot(config),
        WorkerModule.forQueue(
          (metrics: Metrics) => ({
            queue: 'branches',
            concurrency: QUESTIONS_AT_ONCE,
            context: jobContext(metrics),
          }),
          [Metrics],
        ),
      ],
      providers: [
        DoubtSweeper,
        FollowBranchHandler,
        {
          provide: RemoteBranches,
          inject: [GithubConfig],
          useFactory: (github: GithubConfig) => new RemoteBranches(github),
        },
      ],
    };
  }

  constructor(health: Health, dataSource: DataSource, @Inject(FAST_REDIS) redis: Redis) {
    health.register('postgres', () => dataSource.query('SELECT 1'));
    health.register('redis', () => redis.ping());
  }
}
