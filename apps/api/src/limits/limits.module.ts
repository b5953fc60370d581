import { QueueModule } from '@nexos/queue';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthModule } from '../auth/auth.module.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimits } from './rate-limits.js';

/** Guards run in the order of their modules: who calls is known before it is counted. */
@Module({
  imports: [AuthModule, QueueModule],
  providers: [RateLimits, { provide: APP_GUARD, useClass: RateLimitGuard }],
})
export class LimitsModule {}
