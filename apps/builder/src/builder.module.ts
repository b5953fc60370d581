import { BuildLogModule } from '@nexos/logs';
import { type BuilderConfig, ConfigModule, type EngineConfig, type GithubConfig } from '@nexos/config';
import { CryptoModule } from '@nexos/crypto';
import { StateModule } from '@nexos/state';
import { UnitOfWork } from '@nexos/database';
import { Engine, EngineModule } from '@nexos/engine';
import { ProjectVariablesModule } from '@nexos/env-vars';
import { GitModule, RepositoryMirror } from '@nexos/git';
import { GithubAccess, GithubModule } from '@nexos/github';
import {
  DeploymentMetricsModule,
  Health,
  HealthServerModule,
  jobContext,
  Metrics,
  ObservabilityModule,
} from '@nexos/observability';
import { FAST_REDIS, QueueModule, WorkerModule } from '@nexos/queue';
import { Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BuildCacheKeeper } from './cache/build-cache-keeper.js';
import { BuildDeploymentHandler } from './builds/build-deployment.handler.js';
import { BuildInputsReader } from './images/build-inputs.js';
import { BuildIsolation } from './builds/build-isolation.js';
import { BuildRunner } from './builds/build-runner.js';
import { BuildSlots } from './builds/build-slots.js';
import { ContainerBuilds } from './images/container-builds.js';
import { BuildSweeper } from './builds/build-sweeper.js';
import { CacheScopes } from './images/cache-scopes.js';
import { CommittedConfig } from './builds/committed-config.js';
import { SkipMarks } from './builds/skip-marks.js';
import { WatchedChanges } from './builds/watched-changes.js';
import { FreeSpace } from './cache/free-space.js';
import { ExposedPort } from './images/exposed-port.js';
import { ImageLimits } from './images/image-limits.js';
import { ImageMaker } from './images/image-maker.js';
import { ImageSweeper } from './images/image-sweeper.js';
import { MirrorSweeper } from './cache/mirror-sweeper.js';
import { HostRetries } from './images/host-retries.js';
import { SeedMaker } from './images/seed-maker.js';
import { SubmoduleAccess } from './submodules/submodule-access.js';
import { SourceBuilder } from './images/source-builder.js';
import { UnwantedImages } from './images/unwanted-images.js';

interface Config extends Record<string, object> {
  engine: EngineConfig;
  github: GithubConfig;
  builder: BuilderConfig;
}

@Module({})
export class BuilderModule implements OnModuleInit {
  static forRoot(config: Config): DynamicModule {
    return {
      module: BuilderModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule,
        HealthServerModule,
        StateModule,
        DeploymentMetricsModule,
        QueueModule,
        CryptoModule,
        ProjectVariablesModule,
        EngineModule.forRoot(config.engine),
        GitModule.forRoot(config),
        GithubModule,
        BuildLogModule.forRoot(FAST_REDIS, [QueueModule]),
        WorkerModule.forQueue(
          (metrics: Metrics) => ({
            queue: 'build',
            concurrency: config.builder.concurrency,
            context: jobContext(metrics),
          }),
          [Metrics],
        ),
      ],
      providers: [
        BuildCacheKeeper,
        BuildInputsReader,
        BuildIsolation,
        BuildSlots,
        BuildRunner,
        BuildSweeper,
        CacheScopes,
        CommittedConfig,
        ContainerBuilds,
        FreeSpace,
        GithubAccess,
        ExposedPort,
        ImageLimits,
        ImageMaker,
        ImageSweeper,
        MirrorSweeper,
        HostRetries,
        SeedMaker,
        SourceBuilder,
        SubmoduleAccess,
        UnwantedImages,
        SkipMarks,
        WatchedChanges,
        BuildDeploymentHandler,
      ],
    };
  }

  constructor(
    private readonly mirror: RepositoryMirror,
    health: Health,
    unitOfWork: UnitOfWork,
    engine: Engine,
    space: FreeSpace,
    @Inject(FAST_REDIS) redis: Redis,
  ) {
    health.register('postgres', () => unitOfWork.ping());
    health.register('redis', () => redis.ping());
    health.register('engine', () => engine.ping());
    // Not required for readiness: with a full disk, builds are still claimed and fail with the reason.
    health.register('disk', () => space.assertEnough(), false);
  }

  async onModuleInit(): Promise<void> {
    await this.mirror.removeStaleLocks();
  }
}
