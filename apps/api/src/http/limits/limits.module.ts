import { QueueModule } from '@nexos/queue';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthModule } from '../../auth/auth.module.js';
import { PermissionGuard } from '../../auth/permission.guard.js';
import { ProjectKeysGuard } from '../../auth/project-keys.guard.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimits } from './rate-limits.js';

/** Guards run in module order: a request is authenticated, then counted, then checked for permission and reach. */
@Module({
  imports: [AuthModule, QueueModule, StateModule],
  providers: [
    RateLimits,
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: PermissionGuard },
    { provide: APP_GUARD, useClass: ProjectKeysGuard },
  ],
})
export class LimitsModule {}
