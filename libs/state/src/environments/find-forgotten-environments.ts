import type { EntityManager } from 'typeorm';
import { IS_DUE_AGAIN } from './environment-errors.js';

/** Environments that are not as they are wanted, whose lease nobody holds, and that are due for an attempt. */
export function findForgottenEnvironments(
  manager: EntityManager,
): Promise<{ id: string; leaseEpoch: string }[]> {
  return manager.query<{ id: string; leaseEpoch: string }[]>(
    `SELECT id, lease_epoch AS "leaseEpoch" FROM environments
     WHERE generation <> observed_generation AND (lease_until IS NULL OR lease_until < now())
       AND ${IS_DUE_AGAIN}
     ORDER BY id LIMIT 500`,
  );
}

/**
 * Environments that run as far as their rows say, whose live version is none of those that have a container, and whose
 * lease nobody holds.
 *
 * @param runningIds the deployments that have one
 */
export function findStoppedEnvironments(
  manager: EntityManager,
  runningIds: readonly string[],
): Promise<{ id: string; leaseEpoch: string }[]> {
  return manager.query<{ id: string; leaseEpoch: string }[]>(
    `SELECT id, lease_epoch AS "leaseEpoch" FROM environments
     WHERE status = 'running' AND desired_state = 'running' AND live_deployment_id IS NOT NULL
       AND live_deployment_id <> ALL ($1) AND (lease_until IS NULL OR lease_until < now())
       AND ${IS_DUE_AGAIN}
     ORDER BY id LIMIT 500`,
    [runningIds],
  );
}
