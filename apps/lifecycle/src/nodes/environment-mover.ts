import { EngineConfig, WorkerConfig } from '@nexos/config';
import { type DeploymentEntity, type Lease, UnitOfWork } from '@nexos/database';
import {
  DeploymentMovesRepository,
  DeploymentsRepository,
  EnvironmentsRepository,
  NodeRemovalsRepository,
  RoutesRepository,
} from '@nexos/state';
import { DeploymentFailure } from '@nexos/domain';
import { DeploymentServices, serviceName } from '@nexos/engine';
import { Injectable, Logger } from '@nestjs/common';
import { IngressRoutes } from '../ingress/ingress-routes.js';
import { heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { RolloutSupersededError } from '../reconcile/supersede-check.js';
import { HealthWait } from '../rollout/health-wait.js';

/**
 * Moves the live version of an environment off nodes that are being removed. Starts a second service of the same
 * version, which Swarm places on another node because the old one is paused, and routes traffic to it once it answers
 * through the ingress. Swarm's own start-first update would stop the old container as soon as the new one runs, before
 * its app listens.
 */
@Injectable()
export class EnvironmentMover {
  private readonly logger = new Logger(EnvironmentMover.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly environments: EnvironmentsRepository,
    private readonly deployments: DeploymentsRepository,
    private readonly moves: DeploymentMovesRepository,
    private readonly nodeRemovals: NodeRemovalsRepository,
    private readonly hostRoutes: RoutesRepository,
    private readonly services: DeploymentServices,
    private readonly health: HealthWait,
    private readonly routes: IngressRoutes,
    private readonly engineConfig: EngineConfig,
    private readonly worker: WorkerConfig,
  ) {}

  /** Takes the next step of a move. Safe to repeat after a crash at any point. */
  async run(environmentId: string, lease: Lease, signal: AbortSignal): Promise<void> {
    const environment = await this.environments.find(environmentId);
    const liveId = environment?.liveDeploymentId ?? null;
    if (environment === null || liveId === null || environment.status === 'destroyed') return;
    const context = { environment, lease, signal };
    const deployment = await this.deployments.get(liveId);
    const isAtRest = environment.status === 'running' && environment.desiredState === 'running';
    if (isAtRest && environment.desiredDeploymentId === liveId && (await this.shouldMove(deployment))) {
      await this.move(context, deployment);
    } else {
      await this.removeOthers(context, deployment);
    }
  }

  /** Returns whether the version runs on a node that is being removed, and may run on another. */
  private async shouldMove(deployment: DeploymentEntity): Promise<boolean> {
    const leaving = (await this.nodeRemovals.findLeaving()).map(({ swarmId }) => swarmId);
    if (leaving.length === 0 || leaving.includes(deployment.imageNodeId ?? '')) return false;
    const tasks = await this.services.tasks(this.nameOf(deployment));
    return tasks.some(({ state, nodeId }) => state === 'running' && leaving.includes(nodeId ?? ''));
  }

  private async move(context: ReconcileContext, deployment: DeploymentEntity): Promise<void> {
    const { environment, lease } = context;
    const next = this.nameOf(deployment, deployment.moves + 1);
    await this.services.copy(this.nameOf(deployment), next, lease.guard);
    try {
      await this.health.untilHealthy(context, deployment, next);
    } catch (error) {
      return this.giveUp(context, deployment, error);
    }
    const moved = { deploymentId: deployment.id, moves: deployment.moves };
    const { port, request_timeout_seconds: requestTimeoutSeconds } = deployment.settings;
    const isMoved = await this.hostRoutes.whileLocked(async (transaction) => {
      const { drainMs } = this.worker;
      if (!(await this.moves.recordMoved(transaction, heldBy(context), moved, drainMs))) return false;
      const { hostname } = environment;
      const next = { deploymentId: deployment.id, moves: deployment.moves + 1 };
      await this.routes.set({ hostname, ...next, port, requestTimeoutSeconds });
      return true;
    });
    if (!isMoved) return lease.guard();
    this.logger.log(`moved ${deployment.id} to another node`);
  }

  /** Removes the second service. The version keeps running where it is, and the move is tried again later. */
  private async giveUp(
    context: ReconcileContext,
    deployment: DeploymentEntity,
    error: unknown,
  ): Promise<void> {
    const isSuperseded = error instanceof RolloutSupersededError;
    if (!isSuperseded && !(error instanceof DeploymentFailure)) throw error;
    await this.services.remove(this.nameOf(deployment, deployment.moves + 1), context.lease.guard);
    const environmentId = context.environment.id;
    if (!isSuperseded) {
      await this.moves.recordFailed(heldBy(context), deployment.id, error.message);
      this.logger.warn(`${deployment.id} could not be moved to another node: ${error.message}`);
      return;
    }
    await this.unitOfWork.run((transaction) => {
      // Its own job found the lease taken.
      const job = { queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } } as const;
      transaction.enqueue(job, 1);
      return Promise.resolve();
    });
  }

  /** Removes other services of the version: one that has drained after a move, or one of a move that was given up. */
  private async removeOthers(
    { environment, lease }: ReconcileContext,
    live: DeploymentEntity,
  ): Promise<void> {
    const draining = live.movedDrainUntil !== null && live.movedDrainUntil > (await this.unitOfWork.now());
    const previous = live.moves === 0 ? null : this.nameOf(live, live.moves - 1);
    for (const { name, deploymentId } of await this.services.listForEnvironment(environment.id)) {
      if (deploymentId !== live.id || name === this.nameOf(live)) continue;
      if (draining && name === previous) continue;
      await this.services.remove(name, lease.guard);
      this.logger.log(`removed ${name} after a move`);
    }
  }

  private nameOf({ id, moves }: DeploymentEntity, number = moves): string {
    return serviceName(this.engineConfig.instance, id, number);
  }
}
