import { StateModule } from '@nexos/state';
import { Module, type DynamicModule, type InjectionToken, type ModuleMetadata } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BuildLog, LOG_REDIS } from './build-log.js';

@Module({})
export class BuildLogModule {
  /**
   * @param redis the token of the connection for writing and reading lines; its commands should fail fast, since a
   *   log never waits for Redis
   */
  static forRoot(
    redis: InjectionToken<Redis>,
    imports: NonNullable<ModuleMetadata['imports']>,
  ): DynamicModule {
    return {
      module: BuildLogModule,
      imports: [...imports, StateModule],
      providers: [BuildLog, { provide: LOG_REDIS, useExisting: redis }],
      exports: [BuildLog],
    };
  }
}
