import { affected, type Transaction, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { HeldEnvironment } from '../environments/held-environment.js';

/** How long a move that failed is not tried again. */
const RETRY_SECONDS = 60;
/** The same for moves that nothing waits for, at most: twice as long after each failure. */
const LONGEST_RETRY_SECONDS = 3_600;

/** A deployment with a container on a node that is being removed. */
export interface DeploymentOnNode {
  readonly id: string;
  readonly projectId: string;
  readonly environmentId: string;
  readonly isLive: boolean;
  /** The only node that has its image; null when every node can run it. */
  readonly imageNodeId: string | null;
  /** It has moved, and its old service keeps its open connections. */
  readonly isDraining: boolean;
  /** Why its last move failed. */
  readonly error: string | null;
  /** No move failed a moment ago. */
  readonly isDue: boolean;
  /** No move failed recently, which is longer the more have failed. */
  readonly isCalm: boolean;
}

/** The moves of deployments from one service to another, to run on another node or to join the bridge. */
@Injectable()
export class DeploymentMovesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  findAll(ids: readonly string[]): Promise<DeploymentOnNode[]> {
    return this.unitOfWork.manager.query<DeploymentOnNode[]>(
      `SELECT deployment.id, deployment.project_id AS "projectId", deployment.environment_id AS "environmentId",
         deployment.id IS NOT DISTINCT FROM environment.live_deployment_id AS "isLive",
         deployment.image_node_id AS "imageNodeId",
         coalesce(deployment.moved_drain_until > now(), false) AS "isDraining",
         deployment.move_error AS error,
         coalesce(deployment.move_error_at < now() - make_interval(secs => $2), true) AS "isDue",
         coalesce(deployment.move_error_at
           < now() - make_interval(secs => least($3, $2 * 2 ^ least(deployment.move_failures - 1, 20))), true) AS "isCalm"
       FROM deployments deployment JOIN environments environment ON environment.id = deployment.environment_id
       WHERE deployment.id = ANY ($1) ORDER BY deployment.environment_id, deployment.id`,
      [ids, RETRY_SECONDS, LONGEST_RETRY_SECONDS],
    );
  }

  /** Returns the environments of deployments. */
  async environmentsOf(ids: readonly string[]): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      `SELECT DISTINCT environment_id AS id FROM deployments WHERE id = ANY ($1) ORDER BY environment_id`,
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Records that the live version has moved: its route leads to the service with the next number. The caller changes
   * the ingress before the transaction commits.
   *
   * @param moves how often it had moved before
   * @param drainMs how long the old service keeps its open connections; then a job removes it
   * @returns false when the worker has lost the lease, or the deployment is no longer live
   */
  async recordMoved(
    transaction: Transaction,
    { environmentId, epoch }: HeldEnvironment,
    { deploymentId, moves }: { deploymentId: string; moves: number },
    drainMs: number,
  ): Promise<boolean> {
    const isMoved = affected(
      await transaction.manager.query(
        `WITH held AS (
           SELECT live_deployment_id FROM environments
           WHERE id = $1 AND lease_epoch = $2 AND lease_until > now() AND status = 'running' FOR UPDATE)
         UPDATE deployments SET moves = moves + 1, move_error = NULL, move_error_at = NULL, move_failures = 0,
           moved_drain_until = now() + make_interval(secs => $5 / 1000.0)
         FROM held WHERE id = $3 AND id = held.live_deployment_id AND moves = $4`,
        [environmentId, epoch, deploymentId, moves, drainMs],
      ),
    );
    if (!isMoved) return false;
    const job = { queue: 'lifecycle', name: 'move-environment', payload: { environmentId } } as const;
    transaction.enqueue(job, Math.max(1, drainMs));
    return true;
  }

  /** Records why a move failed, for `GET /nodes/:id`. */
  async recordFailed(
    { environmentId, epoch }: HeldEnvironment,
    deploymentId: string,
    reason: string,
  ): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE deployments SET move_error = $4, move_error_at = now(), move_failures = move_failures + 1
       WHERE id = $3 AND EXISTS (SELECT 1 FROM environments WHERE id = $1 AND lease_epoch = $2)`,
      [environmentId, epoch, deploymentId, reason],
    );
  }
}
