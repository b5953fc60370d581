import { StateModule } from '@nexos/state';
import { FAST_REDIS, QueueModule } from '@nexos/queue';
import { RuntimeLogModule } from '@nexos/logs';
import { Module } from '@nestjs/common';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { LogStreamsModule } from '../http/streams/log-streams.module.js';
import { EnvironmentLogsController } from './environment-logs.controller.js';
import { EnvironmentLogsService } from './environment-logs.service.js';
import { RuntimeLogFollower } from './runtime-log-follower.js';
import { RuntimeLogReader } from './runtime-log-reader.js';

@Module({
  imports: [
    StateModule,
    EnvironmentsModule,
    LogStreamsModule,
    RuntimeLogModule.forRoot(FAST_REDIS, [QueueModule]),
  ],
  controllers: [EnvironmentLogsController],
  providers: [EnvironmentLogsService, RuntimeLogFollower, RuntimeLogReader],
})
export class EnvironmentLogsModule {}
