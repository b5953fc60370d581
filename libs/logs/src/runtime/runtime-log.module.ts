import { RedisConfig } from '@nexos/config';
import { Module, type DynamicModule, type InjectionToken, type ModuleMetadata } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RuntimeLog } from './runtime-log.js';

@Module({})
export class RuntimeLogModule {
  /** @param redis the token of the connection; its commands should fail fast, since a log never waits for Redis */
  static forRoot(
    redis: InjectionToken<Redis>,
    imports: NonNullable<ModuleMetadata['imports']>,
  ): DynamicModule {
    return {
      module: RuntimeLogModule,
      imports,
      providers: [
        {
          provide: RuntimeLog,
          inject: [redis, RedisConfig],
          useFactory: (connection: Redis, config: RedisConfig) => new RuntimeLog(connection, config.prefix),
        },
      ],
      exports: [RuntimeLog],
    };
  }
}
