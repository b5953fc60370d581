import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { DeploymentsModule } from '../deployments/deployments.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { DeploymentEventsController } from './deployment-events.controller.js';
import { EnvironmentEventsController } from './environment-events.controller.js';

@Module({
  imports: [StateModule, DeploymentsModule, EnvironmentsModule],
  controllers: [DeploymentEventsController, EnvironmentEventsController],
})
export class EventsModule {}
