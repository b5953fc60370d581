import { BuildLogModule, LogWatch } from '@nexos/build-log';
import { RedisConfig } from '@nexos/config';
import { DatabaseModule } from '@nexos/database';
import { FAST_REDIS, LOG_SUBSCRIBER, QueueModule } from '@nexos/queue';
import { Module } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { AuthModule } from '../auth/auth.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { DeploymentWaits } from './deployment-waits.js';
import { DeploymentsController } from './deployments.controller.js';
import { DeploymentsService } from './deployments.service.js';
import { EnvironmentDeploymentsController } from './environment-deployments.controller.js';
import { LogFollower } from './log-follower.js';
import { ProjectDeploymentsController } from './project-deployments.controller.js';
import { StatusWatch } from './status-watch.js';

@Module({
  imports: [
    AuthModule,
    DatabaseModule,
    ProjectsModule,
    EnvironmentsModule,
    QueueModule,
    BuildLogModule.forRoot(FAST_REDIS, [QueueModule]),
  ],
  controllers: [DeploymentsController, ProjectDeploymentsController, EnvironmentDeploymentsController],
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
