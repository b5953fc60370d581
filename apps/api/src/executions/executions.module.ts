import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { LogsModule } from '../logs/logs.module.js';
import { EnvironmentExecutionsController } from './environment-executions.controller.js';
import { ExecutionsController } from './executions.controller.js';
import { ExecutionsService } from './executions.service.js';

@Module({
  imports: [StateModule, EnvironmentsModule, LogsModule],
  controllers: [ExecutionsController, EnvironmentExecutionsController],
  providers: [ExecutionsService],
})
export class ExecutionsModule {}
