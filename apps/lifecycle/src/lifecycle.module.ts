import { BuildLogModule, RuntimeLogModule } from '@nexos/logs';
import { ConfigModule, type EngineConfig, type IngressConfig } from '@nexos/config';
import { CryptoModule } from '@nexos/crypto';
import { LeaseModule, UnitOfWork } from '@nexos/database';
import { Engine, EngineModule, SwarmMembership } from '@nexos/engine';
import { ProjectVariablesModule } from '@nexos/env-vars';
import { IngressMap, IngressModule } from '@nexos/ingress';
import {
  DeploymentMetricsModule,
  Health,
  HealthServerModule,
  jobContext,
  Metrics,
  ObservabilityModule,
} from '@nexos/observability';
import { StateModule } from '@nexos/state';
import { FAST_REDIS, QueueModule, WorkerModule } from '@nexos/queue';
import { Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { ContainerVariables } from './rollout/container-variables.js';
import { AppCapacity } from './rollout/app-capacity.js';
import { AppStarter } from './rollout/app-starter.js';
import { EnvironmentErrors } from './reconcile/environment-errors.js';
import { EnvironmentReconciler } from './reconcile/environment-reconciler.js';
import { EnvironmentSweeper } from './reconcile/environment-sweeper.js';
import { ExecutionLogs } from './executions/execution-log.js';
import { ExecutionJobSpecs } from './executions/execution-job-specs.js';
import { ExecutionRunner } from './executions/execution-runner.js';
import { ExecutionRuns } from './executions/execution-runs.js';
import { ExecutionSweeper } from './executions/execution-sweeper.js';
import { ExecutionWatch } from './executions/execution-watch.js';
import { RunExecutionHandler } from './executions/run-execution.handler.js';
import { CheckHealthHandler } from './health/check-health.handler.js';
import { HealthWatcher } from './health/health-watcher.js';
import { LiveProbes } from './health/live-probes.js';
import { RestartBackOff } from './health/restart-back-off.js';
import { SwarmProblems } from './health/swarm-problems.js';
import { ContainersUp } from './rollout/containers-up.js';
import { HealthWait } from './rollout/health-wait.js';
import { StartFailures } from './rollout/start-failures.js';
import { OldContainers } from './rollout/old-containers.js';
import { HookJobs } from './hooks/hook-jobs.js';
import { IdleWatcher } from './pause/idle-watcher.js';
import { IngressRestorer } from './ingress/ingress-restorer.js';
import { IngressRoutes } from './ingress/ingress-routes.js';
import { RestartNotices } from './ingress/restart-notices.js';
import { Cleanup } from './reconcile/cleanup.js';
import { EnvironmentMover } from './nodes/environment-mover.js';
import { MoveEnvironmentHandler } from './nodes/move-environment.handler.js';
import { NodeDrain } from './nodes/node-drain.js';
import { NodeLossCheck } from './nodes/node-loss-check.js';
import { NodeObserver } from './nodes/node-observer.js';
import { SupersedeCheck } from './reconcile/supersede-check.js';
import { ProjectNetwork } from './reconcile/project-network.js';
import { Siblings } from './reconcile/siblings.js';
import { ReconcileEnvironmentHandler } from './reconcile/reconcile-environment.handler.js';
import { Relays } from './relays/relays.js';
import { PulledImageSweeper } from './registry/pulled-image-sweeper.js';
import { PullTokenRenewal } from './registry/pull-token-renewal.js';
import { RelaySweeper } from './relays/relay-sweeper.js';
import { ResetHooks } from './reset/reset-hooks.js';
import { Rollout } from './rollout/rollout.js';
import { EnvironmentServices } from './services/environment-services.js';
import { PostgresRecipe } from './services/postgres.recipe.js';
import { ProjectServices } from './services/project-services.js';
import { RedisRecipe } from './services/redis.recipe.js';
import { S3Recipe } from './services/s3.recipe.js';
import { ServiceCalls } from './services/service-calls.js';
import { ServiceImages } from './services/service-images.js';
import { ServiceJobs } from './services/service-jobs.js';
import { ServiceRecipes } from './services/service-recipes.js';
import { ServiceRoom } from './services/service-room.js';
import { ServiceSizeRecorder } from './services/service-size-recorder.js';
import { StorageWatcher } from './services/storage-watcher.js';
import { VolumeSweeper } from './services/volume-sweeper.js';
import { LastOutput } from './runtime-logs/last-output.js';
import { OutputFollower } from './runtime-logs/output-follower.js';
import { RuntimeLogCollector } from './runtime-logs/runtime-log-collector.js';
import { ExitLines } from './runtime-logs/exit-lines.js';
import { RuntimeLogSession } from './runtime-logs/runtime-log-session.js';
import { PauseResume } from './pause/pause-resume.js';

/** Environments reconciled concurrently; most of the time is spent waiting for the engine. */
const CONCURRENCY = 20;

interface Config extends Record<string, object> {
  engine: EngineConfig;
  ingress: IngressConfig;
}

@Module({})
export class LifecycleModule implements OnModuleInit {
  static forRoot(config: Config): DynamicModule {
    return {
      module: LifecycleModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule,
        HealthServerModule,
        StateModule,
        DeploymentMetricsModule,
        LeaseModule,
        CryptoModule,
        QueueModule,
        ProjectVariablesModule,
        EngineModule.forRoot(config.engine),
        IngressModule.forRoot(config.ingress),
        BuildLogModule.forRoot(FAST_REDIS, [QueueModule]),
        RuntimeLogModule.forRoot(FAST_REDIS, [QueueModule]),
        WorkerModule.forQueue(
          (metrics: Metrics) => ({
            queue: 'lifecycle',
            concurrency: CONCURRENCY,
            context: jobContext(metrics),
          }),
          [Metrics],
        ),
      ],
      providers: [
        CheckHealthHandler,
        ContainerVariables,
        AppCapacity,
        AppStarter,
        EnvironmentErrors,
        EnvironmentReconciler,
        EnvironmentServices,
        EnvironmentSweeper,
        ExecutionLogs,
        ExitLines,
        ExecutionJobSpecs,
        ExecutionRunner,
        ExecutionRuns,
        ExecutionSweeper,
        ExecutionWatch,
        HealthWait,
        StartFailures,
        HealthWatcher,
        HookJobs,
        IdleWatcher,
        IngressRestorer,
        IngressRoutes,
        RestartNotices,
        Cleanup,
        ContainersUp,
        OldContainers,
        LiveProbes,
        EnvironmentMover,
        MoveEnvironmentHandler,
        NodeDrain,
        NodeLossCheck,
        NodeObserver,
        SupersedeCheck,
        PostgresRecipe,
        ProjectNetwork,
        Siblings,
        ProjectServices,
        ReconcileEnvironmentHandler,
        RedisRecipe,
        Relays,
        PulledImageSweeper,
        PullTokenRenewal,
        RelaySweeper,
        ResetHooks,
        RestartBackOff,
        Rollout,
        RunExecutionHandler,
        S3Recipe,
        ServiceCalls,
        ServiceImages,
        ServiceJobs,
        ServiceRecipes,
        ServiceRoom,
        ServiceSizeRecorder,
        LastOutput,
        OutputFollower,
        RuntimeLogCollector,
        RuntimeLogSession,
        PauseResume,
        SwarmProblems,
        StorageWatcher,
        VolumeSweeper,
      ],
    };
  }

  constructor(
    private readonly swarm: SwarmMembership,
    health: Health,
    unitOfWork: UnitOfWork,
    engine: Engine,
    ingress: IngressMap,
    @Inject(FAST_REDIS) redis: Redis,
  ) {
    health.register('postgres', () => unitOfWork.ping());
    health.register('redis', () => redis.ping());
    health.register('engine', () => engine.ping());
    health.register('ingress', () => ingress.identity());
  }

  async onModuleInit(): Promise<void> {
    await this.swarm.ensure();
  }
}
