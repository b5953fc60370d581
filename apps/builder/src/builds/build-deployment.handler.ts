import { setTimeout as wait } from 'node:timers/promises';
import { WorkerConfig } from '@nexos/config';
import { BuildClaims, NodeRemovalsRepository } from '@nexos/state';
import { type DeploymentEntity, UnitOfWork } from '@nexos/database';
import { BuildLog } from '@nexos/logs';
import { Engine } from '@nexos/engine';
import { withCorrelation } from '@nexos/observability';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { BuildRunner } from './build-runner.js';

/** Milliseconds until another look at builds whose environments somebody has locked. */
const BUSY_MS = 200;

/**
 * Takes the next build and runs it. The job only wakes the builder: which build it gets is decided in the database, where
 * each account has its turn. So the order of the queue does not matter, and neither does a job too many.
 */
@Injectable()
@HandlesJob('build', 'build-deployment')
export class BuildDeploymentHandler implements JobHandler<'build', 'build-deployment'> {
  private readonly logger = new Logger(BuildDeploymentHandler.name);

  constructor(
    private readonly claims: BuildClaims,
    private readonly nodeRemovals: NodeRemovalsRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly engine: Engine,
    private readonly runner: BuildRunner,
    private readonly log: BuildLog,
    private readonly config: WorkerConfig,
  ) {}

  async handle({ deploymentId }: { deploymentId: string }, stopping: AbortSignal): Promise<void> {
    if (stopping.aborted) return;
    // Claiming a build while the engine is unreachable would only use up an attempt.
    await this.engine.ping();
    if (await this.isNodeLeaving()) return;
    await this.requeueIfEarly(deploymentId);
    const deployment = await this.claimNext(stopping);
    if (deployment !== null) await this.run(deployment, stopping);
  }

  /**
   * Claims the next build, or returns null if none may start. While those that could start are busy, it waits for them: the busy build need
   * not be the job's own, so nothing else may wake a builder for it.
   */
  private async claimNext(stopping: AbortSignal): Promise<DeploymentEntity | null> {
    const { leaseMs, supersedeAfterMs } = this.config;
    for (;;) {
      const next = await this.claims.claimNext(leaseMs, supersedeAfterMs);
      if (next.kind === 'claimed') return next.deployment;
      if (!next.isBusy || stopping.aborted) return null;
      await wait(BUSY_MS);
    }
  }

  private async run(deployment: DeploymentEntity, stopping: AbortSignal): Promise<void> {
    const { id, attempt, uncountedAttempts } = deployment;
    await withCorrelation({ deployment: id }, async () => {
      this.logger.log(`building, attempt ${attempt - uncountedAttempts}`);
      await this.log.wake(id).catch((error: unknown) => {
        this.logger.warn(`could not wake log readers: ${(error as Error).message}`);
      });
      await this.runner.run(deployment, stopping);
    });
  }

  /** Returns whether this builder's node is being removed. Sweeps re-enqueue the build until another builder takes it. */
  private async isNodeLeaving(): Promise<boolean> {
    const leaving = await this.nodeRemovals.findLeaving();
    if (leaving.length === 0) return false;
    const { swarm } = await this.engine.info();
    const isLeaving = leaving.some(({ swarmId }) => swarmId === swarm.nodeId);
    if (isLeaving) this.logger.warn('left a build to other builders, since this node is being removed');
    return isLeaving;
  }

  /** Wakes a builder again once the deployment is no longer too early. */
  private async requeueIfEarly(deploymentId: string): Promise<void> {
    const early = await this.claims.msUntilClaimable(deploymentId, this.config.supersedeAfterMs);
    if (early === null) return;
    const delayMs = Math.max(1, Math.ceil(early));
    await this.unitOfWork.run((transaction) => {
      const job = { queue: 'build', name: 'build-deployment', payload: { deploymentId } } as const;
      transaction.enqueue(job, delayMs);
      return Promise.resolve();
    });
  }
}
