import { BuildLogModule } from '@nexos/logs';
import { StateModule } from '@nexos/state';
import { FAST_REDIS, QueueModule } from '@nexos/queue';
import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { RequestSlotsModule } from '../http/limits/request-slots.module.js';
import { LogStreamsModule } from '../http/streams/log-streams.module.js';
import { LogResponder } from './log-responder.js';
import { LogFeeds } from './log-feeds.js';
import { LogFollower } from './log-follower.js';
import { StatusWaits } from './status-waits.js';
import { StatusWatch } from './status-watch.js';

/** Shared by everything that has a status and a log. */
@Module({
  imports: [
    AuthModule,
    StateModule,
    QueueModule,
    LogStreamsModule,
    RequestSlotsModule,
    BuildLogModule.forRoot(FAST_REDIS, [QueueModule]),
  ],
  providers: [LogResponder, LogFollower, LogFeeds, StatusWaits, StatusWatch],
  exports: [LogResponder, StatusWaits],
})
export class LogsModule {}
