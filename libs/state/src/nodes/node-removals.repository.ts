import { type ServiceKind } from '@nexos/domain';
import { NodeEntity, type NodeRemaining, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { isNodeLeaving } from './is-node-leaving.js';
import { findNodeLosses, losesSomething, type NodeLosses } from './node-losses.js';

/** A worker of the Swarm that is being removed. */
export interface LeavingNode {
  readonly swarmId: string;
  readonly isForced: boolean;
}

/** The removal of nodes: requested by operators, carried out by lifecycle workers. */
@Injectable()
export class NodeRemovalsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Requests the removal of a node unless something would be lost with it; idempotent. Nothing new is placed on the
   * node from then on.
   *
   * @param isForced whether to remove it regardless; an earlier request that was not forced becomes forced
   * @returns what is lost with it; the removal was not requested if there is something and `isForced` is false
   */
  request(id: string, isForced: boolean): Promise<NodeLosses & { readonly isRequested: boolean }> {
    return this.unitOfWork.run(async ({ manager }) => {
      const { swarmId, removalForced } = await manager.findOneOrFail(NodeEntity, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      const losses = await findNodeLosses(manager, swarmId);
      if (losesSomething(losses) && !isForced && !removalForced) return { ...losses, isRequested: false };
      await manager.query(
        `UPDATE nodes SET removal_requested_at = coalesce(removal_requested_at, now()),
           removal_forced = removal_forced OR $2, activation_requested_at = NULL
         WHERE id = $1 AND removed_at IS NULL`,
        [id, isForced],
      );
      return { ...losses, isRequested: true };
    });
  }

  /**
   * Cancels the removal of a node, and requests that it take work again; idempotent.
   *
   * @returns false when the node has been removed
   */
  async cancel(id: string): Promise<boolean> {
    const { affected } = await this.unitOfWork.manager.update(
      NodeEntity,
      { id, removedAt: IsNull() },
      {
        removalRequestedAt: null,
        removalForced: false,
        remaining: [],
        activationRequestedAt: () => 'now()',
      },
    );
    return affected !== 0;
  }

  /** Returns whether a node is being or has been removed, and takes no new work. */
  isLeaving(swarmId: string): Promise<boolean> {
    return isNodeLeaving(this.unitOfWork.manager, swarmId);
  }

  /** Returns the workers that are being removed. */
  findLeaving(): Promise<LeavingNode[]> {
    return this.unitOfWork.manager.query<LeavingNode[]>(
      `SELECT swarm_id AS "swarmId", removal_forced AS "isForced" FROM nodes
       WHERE removal_requested_at IS NOT NULL AND removed_at IS NULL AND role = 'worker' ORDER BY swarm_id`,
    );
  }

  /** Returns the nodes that should take work again, by Swarm id. */
  async findToActivate(): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ swarmId: string }[]>(
      `SELECT swarm_id AS "swarmId" FROM nodes
       WHERE activation_requested_at IS NOT NULL AND removal_requested_at IS NULL AND removed_at IS NULL`,
    );
    return rows.map(({ swarmId }) => swarmId);
  }

  async recordActivated(swarmId: string): Promise<void> {
    await this.unitOfWork.manager.update(NodeEntity, { swarmId }, { activationRequestedAt: null });
  }

  /** Finds what is lost with a node. */
  lossesOf(swarmId: string): Promise<NodeLosses> {
    return findNodeLosses(this.unitOfWork.manager, swarmId);
  }

  /**
   * Finds what a running environment lost with nodes that have left the Swarm: the data of its services, and the only
   * image of its live version.
   */
  async lossesOfEnvironment(
    environmentId: string,
  ): Promise<{ readonly services: readonly ServiceKind[]; readonly isImageLost: boolean }> {
    const [row] = await this.unitOfWork.manager.query<{ services: ServiceKind[]; isImageLost: boolean }[]>(
      `SELECT
         ARRAY(SELECT part.kind FROM environment_services part
               JOIN project_services service USING (project_id, kind)
               JOIN nodes ON nodes.swarm_id = service.node_id AND nodes.removed_at IS NOT NULL
               WHERE part.environment_id = environment.id ORDER BY part.kind) AS services,
         EXISTS (SELECT 1 FROM deployments live
                 JOIN nodes ON nodes.swarm_id = live.image_node_id AND nodes.removed_at IS NOT NULL
                 WHERE live.id = environment.live_deployment_id) AS "isImageLost"
       FROM environments environment WHERE environment.id = $1 AND environment.status = 'running'`,
      [environmentId],
    );
    return row ?? { services: [], isImageLost: false };
  }

  /** Records what keeps a removal waiting. Keeps an equal list as it is. */
  async recordRemaining(swarmId: string, remaining: readonly NodeRemaining[]): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE nodes SET remaining = $2
       WHERE swarm_id = $1 AND removal_requested_at IS NOT NULL AND remaining <> $2`,
      [swarmId, JSON.stringify(remaining)],
    );
  }

  /**
   * Takes one step of a removal while nobody can cancel it.
   *
   * @returns false when the removal was cancelled meanwhile
   */
  whileRequested(swarmId: string, step: () => Promise<void>): Promise<boolean> {
    return this.whileLocked(swarmId, async () => {
      await step();
      return true;
    });
  }

  /**
   * Takes one step that stops what runs on a node, while nobody can cancel the removal and nothing that would be lost
   * can appear on the node.
   *
   * @returns false when the removal was cancelled meanwhile, or would lose something and is not forced
   */
  whileLeaving(swarmId: string, step: () => Promise<void>): Promise<boolean> {
    return this.whileLocked(swarmId, async (isForced) => {
      if (!isForced && losesSomething(await this.lossesOf(swarmId))) return false;
      await step();
      return true;
    });
  }

  private whileLocked(swarmId: string, work: (isForced: boolean) => Promise<boolean>): Promise<boolean> {
    return this.unitOfWork.run(async ({ manager }) => {
      const [node] = await manager.query<{ isForced: boolean }[]>(
        `SELECT removal_forced AS "isForced" FROM nodes
         WHERE swarm_id = $1 AND removal_requested_at IS NOT NULL AND removed_at IS NULL FOR UPDATE`,
        [swarmId],
      );
      return node !== undefined && work(node.isForced);
    });
  }
}
