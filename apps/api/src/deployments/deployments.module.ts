import { BuildLogModule, LogWatch } from '@nexos/build-log';
import { RedisConfig } from '@nexos/config';
import { FAST_REDIS, LOG_SUBSCRIBER, QueueModule } from '@nexos/queue';
import { Module } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { DeploymentsController } from './deployments.controller.js';
import { DeploymentsService } from './deployments.service.js';
import { LogFollower } from './log-follower.js';

@Module({
  imports: [QueueModule, BuildLogModule.forRoot(FAST_REDIS, [QueueModule])],
  controllers: [DeploymentsController],
  providers: [
    DeploymentsService,
    LogFollower,
    {
      provide: LogWatch,
      inject: [LOG_SUBSCRIBER, RedisConfig],
      useFactory: (subscriber: Redis, config: RedisConfig) => new LogWatch(subscriber, config.prefix),
    },
  ],
})
export class DeploymentsModule {}
