import { RedisConfig } from '@nexos/config';
import { StateModule } from '@nexos/state';
import { Module, type DynamicModule, type InjectionToken, type ModuleMetadata } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { OutputArchive } from './output-archive.js';
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
      imports: [...imports, StateModule],
      providers: [
        OutputArchive,
        {
          provide: RuntimeLog,
          inject: [redis, RedisConfig],
          useFactory: (connection: Redis, config: RedisConfig) => new RuntimeLog(connection, config.prefix),
        },
      ],
      exports: [OutputArchive, RuntimeLog],
    };
  }
}
