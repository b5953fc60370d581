import { setTimeout as wait } from 'node:timers/promises';
import { WorkerConfig } from '@nexos/config';
import { type DeploymentEntity, type Lease, UnitOfWork } from '@nexos/database';
import {
  DeploymentMovesRepository,
  DeploymentsRepository,
  EnvironmentsRepository,
  HeldRestartsRepository,
  HostnamesRepository,
  NodeRemovalsRepository,
} from '@nexos/state';
import { DeploymentFailure } from '@nexos/domain';
import { BridgePlacement, DeploymentServices } from '@nexos/engine';
import { type Container, containersOf } from '@nexos/settings';
import { Injectable, Logger } from '@nestjs/common';
import { IngressRoutes, type RelaysOfServices } from '../ingress/ingress-routes.js';
import { ProjectNetwork } from '../reconcile/project-network.js';
import { heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { RolloutSupersededError, SupersedeCheck } from '../reconcile/supersede-check.js';
import { AppCapacity } from '../rollout/app-capacity.js';
import { ContainersUp } from '../rollout/containers-up.js';

/** How often it looks whether a container has ended. */
const STOP_CHECK_MS = 250;

/**
 * Moves the live version of an environment off nodes that are being removed, and onto the bridge of its project where
 * an earlier release, or a Swarm of several nodes, kept it off. Starts a second service of the same version, which Swarm
 * does not place on the old node because that is paused, and routes traffic to it once it answers through the ingress. Swarm's own start-first update would stop the old container as soon as the new one runs, before
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
    private readonly hostnames: HostnamesRepository,
    private readonly holds: HeldRestartsRepository,
    private readonly services: DeploymentServices,
    private readonly placement: BridgePlacement,
    private readonly network: ProjectNetwork,
    private readonly up: ContainersUp,
    private readonly capacity: AppCapacity,
    private readonly supersede: SupersedeCheck,
    private readonly routes: IngressRoutes,
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

  private async shouldMove(deployment: DeploymentEntity): Promise<boolean> {
    return (await this.shouldLeaveNode(deployment)) || (await this.shouldJoinBridge(deployment));
  }

  /** Returns whether the version runs on a node that is being removed, and may run on another. */
  private async shouldLeaveNode(deployment: DeploymentEntity): Promise<boolean> {
    const leaving = (await this.nodeRemovals.findLeaving()).map(({ swarmId }) => swarmId);
    if (leaving.length === 0 || leaving.includes(deployment.imageNodeId ?? '')) return false;
    for (const container of containersOf(deployment.settings)) {
      const tasks = await this.services.tasks(this.nameOf(deployment, container));
      if (tasks.some(({ state, nodeId }) => state === 'running' && leaving.includes(nodeId ?? '')))
        return true;
    }
    return false;
  }

  private async shouldJoinBridge(deployment: DeploymentEntity): Promise<boolean> {
    for (const container of containersOf(deployment.settings)) {
      if (await this.services.isOnBridge(this.nameOf(deployment, container))) continue;
      return (await this.placement.rule())(deployment.imageNodeId);
    }
    return false;
  }

  private async move(context: ReconcileContext, deployment: DeploymentEntity): Promise<void> {
    const { environment, lease, signal } = context;
    const nodeId = deployment.imageNodeId ?? undefined;
    const moves = deployment.moves + 1;
    await this.network.prepare(environment.projectId, signal);
    const hostnames = await this.hostnames.ofEnvironment(environment.id);
    // An attempt that was cut short may have started some.
    const begun = await this.services.listForEnvironment(environment.id);
    let relays: RelaysOfServices;
    try {
      relays = await this.capacity.keepFor(context, deployment, async (room) => {
        await room.take('for-copy');
        const start = async (container: Container) => {
          const copyName = this.nameOf(deployment, container, moves);
          const isCopied = begun.some(({ name }) => name === copyName);
          if (!container.overlap && !isCopied) await this.stop(context, deployment, container);
          await this.services.copy(this.nameOf(deployment, container), copyName, nodeId, lease.guard);
          await room.started(container);
        };
        return this.up.bringUp(context, deployment, hostnames, start, moves);
      });
    } catch (error) {
      return this.giveUp(context, deployment, error);
    }
    const moved = { deploymentId: deployment.id, moves: deployment.moves };
    const { drainMs } = this.worker;
    const isMoved = await this.routes.whileChanging(
      environment,
      (transaction) => this.moves.recordMoved(transaction, heldBy(context), moved, drainMs),
      { relays },
    );
    if (!isMoved) return lease.guard();
    this.logger.log(`moved ${deployment.id} to other services`);
  }

  /** Stops a container that must not run beside its copy. */
  private async stop(
    context: ReconcileContext,
    deployment: DeploymentEntity,
    container: Container,
  ): Promise<void> {
    await this.services.scale(this.nameOf(deployment, container), 0, context.lease.guard);
    await this.untilEnded(context, deployment, container, () =>
      this.supersede.check(context.environment, deployment),
    );
  }

  private async untilEnded(
    { signal }: ReconcileContext,
    { id: deploymentId }: DeploymentEntity,
    { name }: Container,
    check: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    while (await this.services.hasContainers({ deploymentId, container: name })) {
      await check();
      await wait(STOP_CHECK_MS, undefined, { signal });
    }
  }

  /** Removes the second services. The version keeps running where it is, and the move is tried again later. */
  private async giveUp(
    context: ReconcileContext,
    deployment: DeploymentEntity,
    error: unknown,
  ): Promise<void> {
    const isSuperseded = error instanceof RolloutSupersededError;
    if (!isSuperseded && !(error instanceof DeploymentFailure)) throw error;
    const { guard } = context.lease;
    const environmentId = context.environment.id;
    const services = await this.services.listForEnvironment(environmentId);
    const held = await this.holds.find(environmentId, deployment.id);
    for (const container of containersOf(deployment.settings)) {
      await this.services.remove(this.nameOf(deployment, container, deployment.moves + 1), guard);
      const present = this.nameOf(deployment, container);
      if (services.find(({ name }) => name === present)?.replicas !== 0) continue;
      await this.untilEnded(context, deployment, container);
      if (!held.has(container.name)) await this.services.scale(present, 1, guard);
    }
    if (!isSuperseded) {
      await this.moves.recordFailed(heldBy(context), deployment.id, error.message);
      this.logger.warn(`${deployment.id} could not be moved to another service: ${error.message}`);
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
    const containers = containersOf(live.settings);
    const namesAfter = (moves: number) => containers.map((container) => this.nameOf(live, container, moves));
    const present = namesAfter(live.moves);
    const previous = draining && live.moves > 0 ? namesAfter(live.moves - 1) : [];
    for (const { name, deploymentId } of await this.services.listForEnvironment(environment.id)) {
      if (deploymentId !== live.id || present.includes(name) || previous.includes(name)) continue;
      await this.services.remove(name, lease.guard);
      this.logger.log(`removed ${name} after a move`);
    }
  }

  private nameOf({ id, moves }: DeploymentEntity, { index }: Container, number = moves): string {
    return this.services.nameOf({ deploymentId: id, moves: number, index });
  }
}
