import { BuildLogModule } from '@nexos/build-log';
import { DatabaseModule } from '@nexos/database';
import { FAST_REDIS, QueueModule } from '@nexos/queue';
import { Module } from '@nestjs/common';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { LogStreamsModule } from '../log-streams/log-streams.module.js';
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
    DatabaseModule,
    ProjectsModule,
    EnvironmentsModule,
    QueueModule,
    LogStreamsModule,
    BuildLogModule.forRoot(FAST_REDIS, [QueueModule]),
  ],
  controllers: [DeploymentsController, ProjectDeploymentsController, EnvironmentDeploymentsController],
  providers: [DeploymentsService, DeploymentWaits, StatusWatch, LogFollower],
})
export class DeploymentsModule {}
