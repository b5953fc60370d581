import { newId } from '@nexos/domain';
import { NodeEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { findPage, type PageRequest } from '../page.js';

/** A node of the Swarm as just observed. */
export type ObservedNode = Omit<NodeEntity, 'id' | 'removalRequestedAt' | 'removedAt' | 'seenAt'>;

/** A node to remove from the Swarm. */
export interface LeavingNode {
  readonly swarmId: string;
  /**
   * True when it holds the only images of live or desired versions: no registry has them, so another node could not
   * start these versions. False for a node that is down, whose removal loses nothing more.
   */
  readonly hasOnlyImages: boolean;
}

/** The nodes of the Swarm. */
@Injectable()
export class NodesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  page(page: PageRequest): Promise<NodeEntity[]> {
    return findPage(this.unitOfWork.manager, NodeEntity, { removedAt: IsNull() }, page);
  }

  /** Finds a node that is still part of the Swarm. */
  find(id: string): Promise<NodeEntity | null> {
    return this.unitOfWork.manager.findOneBy(NodeEntity, { id, removedAt: IsNull() });
  }

  /** Records that a node should be removed; idempotent. */
  async requestRemoval(id: string): Promise<void> {
    await this.unitOfWork.manager.update(
      NodeEntity,
      { id, removalRequestedAt: IsNull() },
      { removalRequestedAt: () => 'now()' },
    );
  }

  /**
   * Records the current nodes, and marks missing ones as removed. Writes rows in a fixed order, so that concurrent
   * workers cannot deadlock.
   */
  async record(nodes: readonly ObservedNode[]): Promise<void> {
    const { manager } = this.unitOfWork;
    const sorted = [...nodes].sort((a, b) => (a.swarmId < b.swarmId ? -1 : 1));
    await manager.query(
      `INSERT INTO nodes (id, swarm_id, hostname, role, state, availability, address, cpus, memory_mb,
         engine_version, is_leader, joined_at)
       SELECT id, "swarmId", hostname, role, state, availability, address, cpus, "memoryMb", "engineVersion",
         "isLeader", "joinedAt"
       FROM jsonb_to_recordset($1) AS node (id text, "swarmId" text, hostname text, role text, state text,
         availability text, address text, cpus real, "memoryMb" integer, "engineVersion" text, "isLeader" boolean,
         "joinedAt" timestamptz)
       ON CONFLICT (swarm_id) DO UPDATE SET hostname = excluded.hostname, role = excluded.role,
         state = excluded.state, availability = excluded.availability, address = excluded.address,
         cpus = excluded.cpus, memory_mb = excluded.memory_mb, engine_version = excluded.engine_version,
         is_leader = excluded.is_leader, seen_at = now(), removed_at = NULL`,
      [JSON.stringify(sorted.map((node) => ({ ...node, id: newId('node') })))],
    );
    await manager.query(
      `UPDATE nodes SET removed_at = now() WHERE removed_at IS NULL AND swarm_id <> ALL ($1)`,
      [nodes.map(({ swarmId }) => swarmId)],
    );
  }

  /** Returns the workers to remove. */
  findLeaving(): Promise<LeavingNode[]> {
    return this.unitOfWork.manager.query<LeavingNode[]>(
      `SELECT swarm_id AS "swarmId", state <> 'down' AND EXISTS (
         SELECT 1 FROM environments JOIN deployments
           ON deployments.id IN (environments.live_deployment_id, environments.desired_deployment_id)
         WHERE environments.status <> 'destroyed' AND deployments.image_node_id = nodes.swarm_id
       ) AS "hasOnlyImages"
       FROM nodes WHERE removal_requested_at IS NOT NULL AND removed_at IS NULL AND role = 'worker'`,
    );
  }
}
