import { LogWatch } from '@nexos/logs';
import { RedisConfig } from '@nexos/config';
import { LOG_SUBSCRIBER, QueueModule } from '@nexos/queue';
import { Module } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { AuthModule } from '../../auth/auth.module.js';
import { RequestSlotsModule } from '../limits/request-slots.module.js';
import { EventStreams } from './event-streams.js';
import { LogPages } from './log-pages.js';

/** Shared by all followed logs: the limit on their number, and the Redis connection that wakes them. */
@Module({
  imports: [AuthModule, QueueModule, RequestSlotsModule],
  providers: [
    EventStreams,
    LogPages,
    {
      provide: LogWatch,
      inject: [LOG_SUBSCRIBER, RedisConfig],
      useFactory: (subscriber: Redis, config: RedisConfig) => new LogWatch(subscriber, config.prefix),
    },
  ],
  exports: [EventStreams, LogPages, LogWatch],
})
export class LogStreamsModule {}
