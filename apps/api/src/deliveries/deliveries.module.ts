import { ConfiguredAppModule } from '@nexos/github';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { LogsModule } from '../logs/logs.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesService } from './deliveries.service.js';
import { ProjectDeliveriesController } from './project-deliveries.controller.js';

@Module({
  imports: [ConfiguredAppModule, StateModule, LogsModule, ProjectsModule],
  controllers: [DeliveriesController, ProjectDeliveriesController],
  providers: [DeliveriesService],
})
export class DeliveriesModule {}
