import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { AccountTurnsModule } from '../http/turns/account-turns.module.js';
import { DatabasesController } from './databases.controller.js';
import { EnvironmentsController } from './environments.controller.js';
import { EnvironmentsService } from './environments.service.js';

@Module({
  imports: [AccountTurnsModule, StateModule],
  controllers: [EnvironmentsController, DatabasesController],
  providers: [EnvironmentsService],
  exports: [EnvironmentsService],
})
export class EnvironmentsModule {}
