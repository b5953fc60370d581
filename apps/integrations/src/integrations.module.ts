import { ConfigModule, GithubConfig } from '@nexos/config';
import { StateModule } from '@nexos/state';
import { RemoteBranches } from '@nexos/git';
import { GithubModule } from '@nexos/github';
import {
  DeploymentMetricsModule,
  Health,
  HealthServerModule,
  jobContext,
  Metrics,
  ObservabilityModule,
} from '@nexos/observability';
import { FAST_REDIS, QueueModule, WorkerModule } from '@nexos/queue';
import { Inject, Module, type DynamicModule } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { DoubtSweeper } from './branches/doubt-sweeper.js';
import { FollowBranchHandler } from './branches/follow-branch.handler.js';
import { EVENT_CONSUMERS, type EventConsumer } from './events/event-consumer.js';
import { EventDispatcher } from './events/event-dispatcher.js';
import { EventLogConsumer } from './events/event-log.consumer.js';
import { EventSweeper } from './events/event-sweeper.js';
import { DeploymentEventHandler, EnvironmentEventHandler } from './events/event.handlers.js';

interface Config extends Record<string, object> {
  github: GithubConfig;
}

/** Questions to Git hosts that one process asks at once. They wait for other machines, and take no processor time. */
const QUESTIONS_AT_ONCE = 4;
/** Events that one process passes on at once. */
const EVENTS_AT_ONCE = 8;
/** All consumers of events; a further one is a line here. */
const CONSUMERS = [EventLogConsumer];

@Module({})
export class IntegrationsModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: IntegrationsModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule,
        HealthServerModule,
        StateModule,
        DeploymentMetricsModule,
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
        WorkerModule.forQueue(
          (metrics: Metrics) => ({
            queue: 'notify',
            concurrency: EVENTS_AT_ONCE,
            context: jobContext(metrics),
          }),
          [Metrics],
        ),
      ],
      providers: [
        EventDispatcher,
        EventSweeper,
        DeploymentEventHandler,
        EnvironmentEventHandler,
        ...CONSUMERS,
        {
          provide: EVENT_CONSUMERS,
          inject: CONSUMERS,
          useFactory: (...consumers: EventConsumer[]) => consumers,
        },
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
