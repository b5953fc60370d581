import { DatabaseModule } from '@nexos/database';
import { Module } from '@nestjs/common';
import { DatabasesController } from './databases.controller.js';
import { EnvironmentsController } from './environments.controller.js';
import { EnvironmentsService } from './environments.service.js';

@Module({
  imports: [DatabaseModule],
  controllers: [EnvironmentsController, DatabasesController],
  providers: [EnvironmentsService],
  exports: [EnvironmentsService],
})
export class EnvironmentsModule {}
