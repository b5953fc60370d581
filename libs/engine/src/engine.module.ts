import { EngineConfig } from '@nexos/config';
import { type DynamicModule, Module } from '@nestjs/common';
import { BuildCache } from './builds/build-cache.js';
import { CurrentTasks } from './services/current-tasks.js';
import { DeploymentServices } from './services/deployment-services.js';
import { EngineClient } from './client/engine-client.js';
import { Engine } from './client/engine.js';
import { ImageBuilder } from './builds/image-builder.js';
import { ImagePusher } from './images/image-pusher.js';
import { Images } from './images/images.js';
import { OneOffJobs } from './jobs/one-off-jobs.js';
import { ProjectNetworks } from './services/project-networks.js';
import { SharedServices } from './services/shared-services.js';
import { SwarmMembership } from './nodes/swarm-membership.js';
import { SwarmNodes } from './nodes/swarm-nodes.js';
import { Volumes } from './services/volumes.js';

const PUBLIC = [
  BuildCache,
  CurrentTasks,
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
