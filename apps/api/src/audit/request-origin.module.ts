import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { RequestOriginInterceptor } from './request-origin.interceptor.js';
import { RequestOrigins } from './request-origins.js';
import { RouteWrites } from './route-writes.js';

/** Tells the audit log where requests come from, and which routes write to it. */
@Module({
  imports: [DiscoveryModule],
  providers: [RequestOrigins, RouteWrites, { provide: APP_INTERCEPTOR, useClass: RequestOriginInterceptor }],
  exports: [RequestOrigins],
})
export class RequestOriginModule {}
