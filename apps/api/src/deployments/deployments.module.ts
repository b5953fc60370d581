import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { LogsModule } from '../logs/logs.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { DeploymentsController } from './deployments.controller.js';
import { DeploymentsService } from './deployments.service.js';
import { EnvironmentDeploymentsController } from './environment-deployments.controller.js';
import { ProjectDeploymentsController } from './project-deployments.controller.js';

@Module({
  imports: [StateModule, ProjectsModule, EnvironmentsModule, LogsModule],
  controllers: [DeploymentsController, ProjectDeploymentsController, EnvironmentDeploymentsController],
  providers: [DeploymentsService],
  exports: [DeploymentsService],
})
export class DeploymentsModule {}
