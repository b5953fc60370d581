import { DatabaseModule } from '@nexos/database';
import { QueueModule } from '@nexos/queue';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { QueueBoardController } from './queue-board.controller.js';
import { QueueBoardService } from './queue-board.service.js';

@Module({
  imports: [AuthModule, DatabaseModule, QueueModule, StateModule],
  controllers: [QueueBoardController],
  providers: [QueueBoardService],
})
export class QueueBoardModule {}
