import { UnitOfWork } from '@nexos/database';
import { containersOf, type DeploymentSettings, deploymentSettings } from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import type { HeldEnvironment } from '../environments/held-environment.js';

/** A container for which room is kept. */
export interface ClaimedRoom {
  readonly deploymentId: string;
  readonly container: string;
  readonly cpu: number;
  readonly memory_mb: number;
  /** The only node that has its image; null when every one can run it. */
  readonly nodeId: string | null;
}

interface Row {
  readonly deploymentId: string;
  readonly spec: Partial<DeploymentSettings>;
  readonly nodeId: string | null;
  /** The containers; null: all of the deployment. */
  readonly names: readonly string[] | null;
}

/**
 * Room that workers keep for what they are about to start: Swarm reserves only for tasks, and a version gets its task
 * after its hooks. A claim ends with the lease under which it was made.
 */
@Injectable()
export class CapacityClaimsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Claims room for the containers of a deployment.
   *
   * @returns the containers that come first: those of deployments with earlier claims, and live ones of other
   *   environments whose restart is held back
   */
  async claim({ environmentId, epoch }: HeldEnvironment, deploymentId: string): Promise<ClaimedRoom[]> {
    const rows = await this.unitOfWork.run(async ({ manager }) => {
      // One at a time: a claim sees every earlier one.
      await manager.query('LOCK TABLE capacity_claims IN SHARE ROW EXCLUSIVE MODE');
      await manager.query('DELETE FROM capacity_claims WHERE environment_id = $1', [environmentId]);
      await manager.query(
        'INSERT INTO capacity_claims (environment_id, lease_epoch, deployment_id) VALUES ($1, $2, $3)',
        [environmentId, epoch, deploymentId],
      );
      return manager.query<Row[]>(
        `WITH first AS (
           SELECT claim.deployment_id AS id, NULL AS name FROM capacity_claims claim
           JOIN environments ON environments.id = claim.environment_id
             AND environments.lease_epoch = claim.lease_epoch AND environments.lease_until > now()
           UNION ALL SELECT health.deployment_id, health.container FROM container_health health
           JOIN environments ON environments.live_deployment_id = health.deployment_id
             AND environments.status = 'running'
           WHERE health.held_until IS NOT NULL AND health.environment_id <> $2)
         SELECT id AS "deploymentId", spec, image_node_id AS "nodeId",
           CASE WHEN count(*) = count(first.name) THEN array_agg(first.name) END AS names
         FROM deployments JOIN first USING (id) WHERE id <> $1 GROUP BY id`,
        [deploymentId, environmentId],
      );
    });
    return rows.flatMap(roomsOf);
  }

  /** Ends the environment's claim: its task exists, or nothing starts. */
  async release({ environmentId, epoch }: HeldEnvironment): Promise<void> {
    await this.unitOfWork.manager.query(
      'DELETE FROM capacity_claims WHERE environment_id = $1 AND lease_epoch = $2',
      [environmentId, epoch],
    );
  }
}

function roomsOf({ deploymentId, spec, nodeId, names }: Row): ClaimedRoom[] {
  return containersOf(deploymentSettings(spec))
    .filter(({ name }) => names === null || names.includes(name))
    .map(({ name: container, cpu, memory_mb }) => ({ deploymentId, container, cpu, memory_mb, nodeId }));
}
