import { EngineConfig } from '@nexos/config';
import { type DynamicModule, Module } from '@nestjs/common';
import { BridgePlacement } from './services/bridge-placement.js';
import { BuildCache } from './builds/build-cache.js';
import { CurrentTasks } from './services/current-tasks.js';
import { DeploymentServices } from './services/deployment-services.js';
import { EngineClient } from './client/engine-client.js';
import { Engine } from './client/engine.js';
import { ImageBuilder } from './builds/image-builder.js';
import { ImagePusher } from './images/image-pusher.js';
import { Images } from './images/images.js';
import { OneOffJobs } from './jobs/one-off-jobs.js';
import { ProjectBridges } from './services/project-bridges.js';
import { ProjectNetworks } from './services/project-networks.js';
import { RelayServices } from './services/relay-services.js';
import { SharedServices } from './services/shared-services.js';
import { SwarmCapacity } from './nodes/swarm-capacity.js';
import { SwarmMembership } from './nodes/swarm-membership.js';
import { SwarmNodes } from './nodes/swarm-nodes.js';
import { VersionNetworks } from './services/version-networks.js';
import { Volumes } from './services/volumes.js';

const PUBLIC = [
  BridgePlacement,
  BuildCache,
  CurrentTasks,
  Engine,
  ImageBuilder,
  ImagePusher,
  Images,
  SwarmCapacity,
  SwarmMembership,
  SwarmNodes,
  ProjectNetworks,
  DeploymentServices,
  RelayServices,
  SharedServices,
  OneOffJobs,
  VersionNetworks,
  Volumes,
];

/** The container engine and its Swarm. */
@Module({})
export class EngineModule {
  static forRoot(config: EngineConfig): DynamicModule {
    return {
      module: EngineModule,
      providers: [{ provide: EngineConfig, useValue: config }, EngineClient, ProjectBridges, ...PUBLIC],
      exports: PUBLIC,
    };
  }
}
