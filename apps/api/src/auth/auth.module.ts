import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccountGuard } from './account.guard.js';
import { ApiKeysService } from './api-keys.service.js';
import { RouteAccess } from './route-access.js';

@Module({
  imports: [DiscoveryModule],
  providers: [ApiKeysService, RouteAccess, { provide: APP_GUARD, useClass: AccountGuard }],
  exports: [ApiKeysService],
})
export class AuthModule {}
