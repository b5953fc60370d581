import { BuildLogModule, LogWatch } from '@nexos/build-log';
import { RedisConfig } from '@nexos/config';
import { FAST_REDIS, LOG_SUBSCRIBER, QueueModule } from '@nexos/queue';
import { Module } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { DeploymentWaits } from './deployment-waits.js';
import { DeploymentsController } from './deployments.controller.js';
import { DeploymentsService } from './deployments.service.js';
import { LogFollower } from './log-follower.js';
import { StatusWatch } from './status-watch.js';

@Module({
  imports: [QueueModule, BuildLogModule.forRoot(FAST_REDIS, [QueueModule])],
  controllers: [DeploymentsController],
  providers: [
    DeploymentsService,
    DeploymentWaits,
    StatusWatch,
    LogFollower,
    {
      provide: LogWatch,
      inject: [LOG_SUBSCRIBER, RedisConfig],
      useFactory: (subscriber: Redis, config: RedisConfig) => new LogWatch(subscriber, config.prefix),
    },
  ],
})
export class DeploymentsModule {}
