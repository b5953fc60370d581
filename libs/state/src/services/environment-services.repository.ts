import { type ServiceKind } from '@nexos/domain';
import { affected, EnvironmentServiceEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { HeldEnvironment } from '../environments/held-environment.js';

/** The number of logical Redis databases except the first; it limits a project's environments with Redis. */
const MAX_NUMBER = 1023;

/** The key of an environment's part of a shared service. */
export interface EnvironmentServiceKey {
  readonly projectId: string;
  readonly environmentId: string;
  readonly kind: ServiceKind;
}

/** The parts of environments in shared services: a database, a Redis user, a bucket. */
@Injectable()
export class EnvironmentServicesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  ofProject(projectId: string): Promise<EnvironmentServiceEntity[]> {
    return this.find({ projectId });
  }

  ofEnvironment(environmentId: string): Promise<EnvironmentServiceEntity[]> {
    return this.find({ environmentId });
  }

  /**
   * Inserts an environment's part of a service, unless it exists, with the lowest number that no other environment of
   * the project has. Call it in a transaction, after inserting the service itself.
   *
   * @returns false when no number is left
   */
  async insertIfMissing(
    { projectId, environmentId, kind }: EnvironmentServiceKey,
    sealedPassword: string,
  ): Promise<boolean> {
    const { manager } = this.unitOfWork;
    // Without the lock, two concurrent environments would choose the same number.
    await manager.query('SELECT 1 FROM project_services WHERE project_id = $1 AND kind = $2 FOR UPDATE', [
      projectId,
      kind,
    ]);
    await manager.query(
      `INSERT INTO environment_services (environment_id, kind, project_id, number, sealed_password)
       SELECT $1, $2, $3, min(free.number), $4 FROM generate_series(1, $5) free (number)
       WHERE NOT EXISTS (SELECT 1 FROM environment_services taken
                         WHERE taken.project_id = $3 AND taken.kind = $2 AND taken.number = free.number)
       HAVING min(free.number) IS NOT NULL
       ON CONFLICT (environment_id, kind) DO NOTHING`,
      [environmentId, kind, projectId, sealedPassword, MAX_NUMBER],
    );
    return manager.existsBy(EnvironmentServiceEntity, { environmentId, kind });
  }

  /**
   * Returns whether any environment uses the service, or may be about to. The given environment counts only if its
   * part is already provisioned.
   */
  async isServiceUsed({ projectId, environmentId, kind }: EnvironmentServiceKey): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<unknown[]>(
      `SELECT 1 FROM environment_services part JOIN environments environment ON environment.id = part.environment_id
       WHERE part.project_id = $1 AND part.kind = $2
         AND (part.provisioned_at IS NOT NULL OR (environment.id <> $3 AND environment.lease_until > now()))`,
      [projectId, kind, environmentId],
    );
    return rows.length > 0;
  }

  /**
   * Records that an environment's part is provisioned in the service.
   *
   * @returns false when the lease was lost, or the part was already provisioned
   */
  async recordProvisioned({ environmentId, epoch }: HeldEnvironment, kind: ServiceKind): Promise<boolean> {
    // An environment that gets a database later in its life counts as new as well.
    return affected(
      await this.unitOfWork.manager.query(
        `WITH recorded AS (
           UPDATE environment_services part SET provisioned_at = now() FROM environments environment
           WHERE part.environment_id = $1 AND part.kind = $2 AND part.provisioned_at IS NULL
             AND environment.id = part.environment_id AND environment.lease_epoch = $3
           RETURNING part.environment_id
         )
         UPDATE environments SET is_new = is_new OR $2 = 'postgres', seed_due = seed_due OR $2 = 'postgres' FROM recorded
         WHERE environments.id = recorded.environment_id`,
        [environmentId, kind, epoch],
      ),
    );
  }

  /** Deletes an environment's parts, once they are deprovisioned. */
  async forget(environmentId: string): Promise<void> {
    await this.unitOfWork.run(async ({ manager }) => {
      await manager.query('DELETE FROM database_backups WHERE environment_id = $1', [environmentId]);
      await manager.query('DELETE FROM environment_services WHERE environment_id = $1', [environmentId]);
    });
  }

  private find(of: { projectId: string } | { environmentId: string }): Promise<EnvironmentServiceEntity[]> {
    return this.unitOfWork.manager.find(EnvironmentServiceEntity, {
      where: of,
      order: { environmentId: 'ASC', kind: 'ASC' },
    });
  }
}
