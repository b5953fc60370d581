import { UnitOfWork } from '@nexos/database';
import { FAST_REDIS, QueueModule } from '@nexos/queue';
import { StateModule } from '@nexos/state';
import { Health } from '@nexos/observability';
import { Inject, Module } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { HealthController } from './health.controller.js';

/** Registers the health checks. The API is ready while Postgres is reachable; without Redis it still accepts requests. */
@Module({ imports: [QueueModule, StateModule], controllers: [HealthController] })
export class HealthModule {
  constructor(health: Health, unitOfWork: UnitOfWork, @Inject(FAST_REDIS) redis: Redis) {
    health.register('postgres', () => unitOfWork.ping());
    health.register('redis', () => redis.ping(), false);
  }
}
