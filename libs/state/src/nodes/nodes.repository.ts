import { newId } from '@nexos/domain';
import { NodeEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { recordAudit } from '../audit/record-audit.js';
import { findPage, type PageRequest } from '../page.js';

/** A node of the Swarm as just observed. */
export type ObservedNode = Pick<
  NodeEntity,
  | 'swarmId'
  | 'hostname'
  | 'role'
  | 'state'
  | 'availability'
  | 'address'
  | 'cpus'
  | 'memoryMb'
  | 'engineVersion'
  | 'isLeader'
  | 'joinedAt'
>;

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

  /** Finds a node, even one that has left the Swarm, and locks it until the transaction ends. */
  lock(id: string): Promise<NodeEntity | null> {
    const lock = { mode: 'for_no_key_update' } as const;
    return this.unitOfWork.manager.findOne(NodeEntity, { where: { id }, lock });
  }

  /**
   * Records the current nodes, and marks missing ones as removed. Has the environments reconciled that lost something
   * with them, which records what. Writes rows in a fixed order, so that concurrent workers cannot deadlock.
   */
  async record(nodes: readonly ObservedNode[]): Promise<void> {
    await this.recordPresent(nodes);
    await this.unitOfWork.run(async (transaction) => {
      const [gone] = await transaction.manager.query<
        [{ id: string; swarmId: string; hostname: string }[], number]
      >(
        `UPDATE nodes SET removed_at = now(), remaining = '[]', activation_requested_at = NULL
         WHERE removed_at IS NULL AND swarm_id <> ALL ($1) RETURNING id, swarm_id AS "swarmId", hostname`,
        [nodes.map(({ swarmId }) => swarmId)],
      );
      if (gone.length === 0) return;
      for (const { id, hostname } of gone) {
        await recordAudit(transaction, { action: 'node.leave', subject: id, before: { hostname } });
      }
      const swarmIds = gone.map(({ swarmId }) => swarmId);
      for (const environmentId of await this.environmentsOn(swarmIds)) {
        transaction.enqueue({
          queue: 'lifecycle',
          name: 'reconcile-environment',
          payload: { environmentId },
        });
      }
    });
  }

  /** Returns the environments whose data or live image is on these nodes. */
  private async environmentsOn(swarmIds: readonly string[]): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      `SELECT environment.id FROM environments environment
       LEFT JOIN deployments live ON live.id = environment.live_deployment_id
       WHERE environment.status <> 'destroyed'
         AND (live.image_node_id = ANY ($1)
              OR EXISTS (SELECT 1 FROM project_services service
                         WHERE service.project_id = environment.project_id AND service.node_id = ANY ($1)))`,
      [swarmIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Of two workers that see a node join at once, the second finds the row of the first, and records no line. */
  private async recordPresent(nodes: readonly ObservedNode[]): Promise<void> {
    const { manager } = this.unitOfWork;
    const sorted = [...nodes].sort((a, b) => (a.swarmId < b.swarmId ? -1 : 1));
    await manager.query(
      `WITH node AS (
         SELECT * FROM jsonb_to_recordset($1) AS node (id text, "swarmId" text, hostname text, role text, state text,
           availability text, address text, cpus real, "memoryMb" integer, "engineVersion" text, "isLeader" boolean,
           "joinedAt" timestamptz)
       ), gone AS MATERIALIZED (
         SELECT swarm_id FROM nodes
         WHERE swarm_id IN (SELECT "swarmId" FROM node) AND removed_at IS NOT NULL
         ORDER BY swarm_id FOR NO KEY UPDATE
       ), saved AS (
       INSERT INTO nodes (id, swarm_id, hostname, role, state, availability, address, cpus, memory_mb,
         engine_version, is_leader, joined_at)
       SELECT id, "swarmId", hostname, role, state, availability, address, cpus, "memoryMb", "engineVersion",
         "isLeader", "joinedAt"
       FROM node WHERE (SELECT count(*) FROM gone) >= 0
       ON CONFLICT (swarm_id) DO UPDATE SET hostname = excluded.hostname, role = excluded.role,
         state = excluded.state, availability = excluded.availability, address = excluded.address,
         cpus = excluded.cpus, memory_mb = excluded.memory_mb, engine_version = excluded.engine_version,
         is_leader = excluded.is_leader, seen_at = now(), removed_at = NULL
       RETURNING id, swarm_id, hostname, role, xmax = 0 AS is_new
       )
       INSERT INTO audit_log (action, actor, subject, after)
       SELECT 'node.join', 'system', id, jsonb_build_object('hostname', hostname, 'role', role)
       FROM saved WHERE is_new OR swarm_id IN (SELECT swarm_id FROM gone)`,
      [JSON.stringify(sorted.map((node) => ({ ...node, id: newId('node') })))],
    );
  }
}
