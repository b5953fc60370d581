import { type DynamicModule, Module } from '@nestjs/common';
import { EngineConfig } from '@nexos/config';
import { BuildCache } from './build-cache.js';
import { DeploymentServices } from './deployment-services.js';
import { EngineClient } from './engine-client.js';
import { Engine } from './engine.js';
import { ImageBuilder } from './image-builder.js';
import { ImagePusher } from './image-pusher.js';
import { Images } from './images.js';
import { OneOffJobs } from './one-off-jobs.js';
import { ProjectNetworks } from './project-networks.js';
import { SharedServices } from './shared-services.js';
import { SwarmMembership } from './swarm-membership.js';
import { SwarmNodes } from './swarm-nodes.js';
import { Volumes } from './volumes.js';

const PUBLIC = [
  BuildCache,
  Engine,
  ImageBuilder,
  ImagePusher,
  Images,
  SwarmMembership,
  SwarmNodes,
  ProjectNetworks,
  DeploymentServices,
  SharedServices,
  OneOffJobs,
  Volumes,
];

/** The container engine and its Swarm. */
@Module({})
export class EngineModule {
  static forRoot(config: EngineConfig): DynamicModule {
    return {
      module: EngineModule,
      providers: [{ provide: EngineConfig, useValue: config }, EngineClient, ...PUBLIC],
      exports: PUBLIC,
    };
  }
}
