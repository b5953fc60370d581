import type { EntityManager } from 'typeorm';

/** Environments that are not as they are wanted, and whose lease nobody holds. */
export function findForgottenEnvironments(
  manager: EntityManager,
): Promise<{ id: string; leaseEpoch: string }[]> {
  return manager.query<{ id: string; leaseEpoch: string }[]>(
    `SELECT id, lease_epoch AS "leaseEpoch" FROM environments
     WHERE generation <> observed_generation AND (lease_until IS NULL OR lease_until < now())
     ORDER BY id LIMIT 500`,
  );
}
