import { randomBytes } from 'node:crypto';
import { loadConfig, RedisConfig, WorkerConfig } from '@nexos/config';
import type { DeploymentEntity, UnitOfWork } from '@nexos/database';
import { JobQueues } from '@nexos/queue';
import { BuildClaims, finishBuild, NodeRemovalsRepository } from '@nexos/state';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { BuildDeploymentHandler } from '../../apps/builder/src/builds/build-deployment.handler.js';
import type { TestDatabase } from './database.js';
import { BUILT_IMAGE } from './waiting-builds.js';

export interface BuilderOptions {
  readonly redisUrl: string;
  /** Builds at once. */
  readonly concurrency: number;
  /** What a build does before it succeeds. */
  readonly build: (deployment: DeploymentEntity) => Promise<void>;
}

/** Claims builds, and measures how long that takes. */
class TimedClaims extends BuildClaims {
  readonly times: number[] = [];

  override async claimNext(leaseMs: number, quietMs: number) {
    const began = performance.now();
    const next = await super.claimNext(leaseMs, quietMs);
    this.times.push(performance.now() - began);
    return next;
  }
}

/**
 * A builder with the real queue, jobs and claims, whose builds are simulated. Jobs that its transactions enqueue go to the
 * queue right after their commit, as the relay of the outbox passes them on.
 */
export class BuilderWithoutEngine {
  /** The deployments in the order in which their builds began. */
  readonly begun: string[] = [];
  private readonly claims: TimedClaims;
  private readonly passing = new Set<Promise<void>>();
  private worker: Worker | undefined;

  private constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly redis: Redis,
    private readonly queues: JobQueues,
    private readonly options: BuilderOptions,
  ) {
    this.claims = new TimedClaims(unitOfWork);
  }

  static async start(database: TestDatabase, options: BuilderOptions): Promise<BuilderWithoutEngine> {
    const { redis: config } = loadConfig(
      { redis: RedisConfig },
      { REDIS_URL: options.redisUrl, REDIS_PREFIX: `it${randomBytes(5).toString('hex')}` },
    );
    const redis = new Redis(config.url, { maxRetriesPerRequest: null });
    await redis.ping();
    const queues = new JobQueues(redis, config);
    const builder = new BuilderWithoutEngine(database.anotherUnitOfWork(), redis, queues, options);
    builder.work(config.prefix);
    return builder;
  }

  /** Milliseconds that each claim took, also those that found nothing. */
  get claimTimes(): readonly number[] {
    return this.claims.times;
  }

  /** Enqueues the jobs of deployments, as the transactions that queue them do. */
  async enqueue(deploymentIds: readonly string[]): Promise<void> {
    await this.queues.add(
      deploymentIds.map((deploymentId) => ({
        job: { queue: 'build', name: 'build-deployment', payload: { deploymentId } },
        delayMs: 0,
      })),
    );
  }

  /** Takes no more jobs, and waits for the running builds. */
  async stop(): Promise<void> {
    await this.worker?.close();
    await Promise.all(this.passing);
    await this.queues.onApplicationShutdown();
    this.redis.disconnect();
  }

  private work(prefix: string): void {
    const { concurrency } = this.options;
    this.unitOfWork.onCommitted((rows) => {
      const builds = rows.filter(({ job }) => job.queue === 'build');
      const passed = this.queues.add(builds).finally(() => this.passing.delete(passed));
      this.passing.add(passed);
    });
    const handler = this.handler();
    this.worker = new Worker(
      'build',
      (job) => handler.handle(job.data as { deploymentId: string }, new AbortController().signal),
      { connection: this.redis, prefix, concurrency },
    );
  }

  private handler(): BuildDeploymentHandler {
    const { unitOfWork } = this;
    return new BuildDeploymentHandler(
      this.claims,
      new NodeRemovalsRepository(unitOfWork),
      unitOfWork,
      { ping: () => Promise.resolve() } as never,
      { run: (deployment: DeploymentEntity) => this.build(deployment) } as never,
      { wake: () => Promise.resolve() } as never,
      new WorkerConfig(),
    );
  }

  private async build(deployment: DeploymentEntity): Promise<void> {
    this.begun.push(deployment.id);
    await this.options.build(deployment);
    const { id: deploymentId, environmentId, attempt } = deployment;
    await this.unitOfWork.run((transaction) =>
      finishBuild(transaction, { deploymentId, environmentId, attempt }, BUILT_IMAGE),
    );
  }
}
