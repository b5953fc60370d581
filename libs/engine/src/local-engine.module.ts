import { EngineConfig } from '@nexos/config';
import { type DynamicModule, Module } from '@nestjs/common';
import { EngineClient } from './client/engine-client.js';
import { Engine } from './client/engine.js';
import { ContainerFiles } from './containers/container-files.js';
import { LocalBridges } from './containers/local-bridges.js';
import { LocalContainers } from './containers/local-containers.js';

/** The containers of one engine, for a process that changes nothing on it but which bridges they are on. */
@Module({})
export class LocalEngineModule {
  static forRoot(config: EngineConfig): DynamicModule {
    return {
      module: LocalEngineModule,
      providers: [
        { provide: EngineConfig, useValue: config },
        EngineClient,
        Engine,
        ContainerFiles,
        LocalBridges,
        LocalContainers,
      ],
      exports: [ContainerFiles, Engine, LocalBridges, LocalContainers],
    };
  }
}
