import { CryptoModule } from '@nexos/crypto';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { IdempotentRoutes } from './idempotent-routes.js';
import { OutsideTransaction } from './outside-transaction.js';
import { StoredResponses } from './stored-responses.js';

@Module({
  imports: [StateModule, CryptoModule, DiscoveryModule],
  providers: [StoredResponses, IdempotencyInterceptor, IdempotentRoutes, OutsideTransaction],
  exports: [OutsideTransaction],
})
export class IdempotencyModule {}
