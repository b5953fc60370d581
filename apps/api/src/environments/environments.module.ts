import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { DatabasesController } from './databases.controller.js';
import { EnvironmentsController } from './environments.controller.js';
import { EnvironmentsService } from './environments.service.js';

@Module({
  imports: [StateModule],
  controllers: [EnvironmentsController, DatabasesController],
  providers: [EnvironmentsService],
  exports: [EnvironmentsService],
})
export class EnvironmentsModule {}
