import { StateModule } from '@nexos/state';
import { Module, type DynamicModule, type InjectionToken, type ModuleMetadata } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BuildLog, LOG_REDIS } from './build-log.js';

@Module({})
export class BuildLogModule {
  /**
   * @param redis the token of the connection that lines are written to and read from; commands on it should
   *   fail fast, since a log never has to wait for Redis
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
