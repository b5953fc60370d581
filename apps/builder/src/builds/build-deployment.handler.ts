import { WorkerConfig } from '@nexos/config';
import { BuildClaims, NodeRemovalsRepository } from '@nexos/state';
import { UnitOfWork } from '@nexos/database';
import { BuildLog } from '@nexos/logs';
import { Engine } from '@nexos/engine';
import { withCorrelation } from '@nexos/observability';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { BuildRunner } from './build-runner.js';

/** Builds a deployment that is still queued. */
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
    const { leaseMs, supersedeAfterMs } = this.config;
    const deployment = await this.claims.claim(deploymentId, leaseMs, supersedeAfterMs);
    if (deployment === null) return this.requeueIfEarly(deploymentId);
    await withCorrelation({ deployment: deploymentId }, async () => {
      this.logger.log(`building, attempt ${deployment.attempt - deployment.uncountedAttempts}`);
      await this.log.wake(deploymentId).catch((error: unknown) => {
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

  private async requeueIfEarly(deploymentId: string): Promise<void> {
    const wait = await this.claims.msUntilClaimable(deploymentId, this.config.supersedeAfterMs);
    if (wait === null) return;
    await this.unitOfWork.run((transaction) => {
      const job = { queue: 'build', name: 'build-deployment', payload: { deploymentId } } as const;
      transaction.enqueue(job, Math.max(1, Math.ceil(wait)));
      return Promise.resolve();
    });
  }
}
