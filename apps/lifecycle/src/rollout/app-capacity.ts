import { setTimeout as wait } from 'node:timers/promises';
import { EngineConfig } from '@nexos/config';
import { type DeploymentEntity } from '@nexos/database';
import { haveRoomFor, type Reservation } from '@nexos/domain';
import { reservedBy, SwarmCapacity, type TaskOwner } from '@nexos/engine';
import { type Container, containersOf } from '@nexos/settings';
import { CapacityClaimsRepository, type ClaimedRoom } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { SupersedeCheck } from '../reconcile/supersede-check.js';
import { noCapacity } from './start-failures.js';

const CHECK_EVERY_MS = 500;

/**
 * How room is taken. `wait`: looks at the Swarm if others keep room, and waits for as long as the version may take to start.
 * `must-fit`: looks in any case, and waits as long. `at-once`: looks once. `for-copy`: looks once, for a second copy of the
 * version, which runs beside the first.
 */
export type TakeRoom = 'wait' | 'must-fit' | 'at-once' | 'for-copy';

/** The room for the containers of a version, as long as they have no tasks. */
export interface KeptRoom {
  /**
   * Takes it, beside what others keep.
   *
   * @throws {DeploymentFailure} `no_capacity`
   * @throws {RolloutSupersededError} when the rollout is superseded
   */
  take(how: TakeRoom): Promise<void>;
  /** Records that a container has its task. After the last one, the room is no longer kept. */
  started(container: Container): Promise<void>;
}

/**
 * Keeps room for the containers of a version that is about to start. Hooks run before they have tasks, some containers
 * start after others, and only tasks reserve something in a Swarm: without that a migration could run for a version that
 * then finds no room.
 */
@Injectable()
export class AppCapacity {
  constructor(
    private readonly claims: CapacityClaimsRepository,
    private readonly swarm: SwarmCapacity,
    private readonly supersede: SupersedeCheck,
    private readonly config: EngineConfig,
  ) {}

  /** Runs work that takes room for a version and starts its containers; keeps the room no longer than that. */
  async keepFor<T>(
    context: ReconcileContext,
    deployment: DeploymentEntity,
    work: (room: KeptRoom) => Promise<T>,
  ): Promise<T> {
    const waiting = new Set(containersOf(deployment.settings).map(({ name }) => name));
    try {
      return await work({
        take: (how) => this.claim(context, deployment, how),
        started: async ({ name }) => {
          if (waiting.delete(name) && waiting.size === 0) await this.claims.release(heldBy(context));
        },
      });
    } finally {
      if (waiting.size > 0) await this.claims.release(heldBy(context));
    }
  }

  private async claim(context: ReconcileContext, deployment: DeploymentEntity, how: TakeRoom): Promise<void> {
    const { environment, signal } = context;
    const containers = containersOf(deployment.settings);
    const others = await this.claims.claim(heldBy(context), deployment.id);
    if (how === 'wait' && others.length === 0) return;
    const longest = Math.max(...containers.map(({ start_timeout_seconds: own }) => own));
    const seconds = how === 'at-once' || how === 'for-copy' ? 0 : longest;
    const deadline = Date.now() + seconds * 1_000;
    while (!(await this.hasRoom(deployment, containers, others, how === 'for-copy'))) {
      if (Date.now() >= deadline) throw noCapacity(containers, seconds);
      await wait(CHECK_EVERY_MS, undefined, { signal });
      await this.supersede.check(environment, deployment);
    }
  }

  private async hasRoom(
    deployment: DeploymentEntity,
    containers: readonly Container[],
    others: readonly ClaimedRoom[],
    isCopy: boolean,
  ): Promise<boolean> {
    const alone = containers.filter(({ overlap }) => !overlap).map(({ name }) => name);
    // What a container replaces stops before it starts.
    const {
      nodes,
      waiting,
      containers: started,
    } = await this.swarm.read(
      ({ environmentId, deploymentId, container }) =>
        (deploymentId === deployment.id && !isCopy) ||
        (environmentId === deployment.environmentId && alone.includes(container)),
    );
    const wanted = containers.map((container) =>
      this.reservation({ ...container, nodeId: deployment.imageNodeId }),
    );
    // The others may have got their tasks meanwhile.
    const claimed = others.filter((other) => !started.some((owner) => isOf(owner, other)));
    return haveRoomFor(wanted, nodes, [...waiting, ...claimed.map((other) => this.reservation(other))]);
  }

  private reservation({
    cpu,
    memory_mb: memoryMb,
    nodeId,
  }: Pick<ClaimedRoom, 'cpu' | 'memory_mb' | 'nodeId'>): Reservation {
    return { ...reservedBy({ cpu: cpu / this.config.cpuOvercommit, memoryMb }), nodeId };
  }
}

function isOf(owner: TaskOwner, { deploymentId, container }: ClaimedRoom): boolean {
  return owner.deploymentId === deploymentId && owner.container === container;
}
