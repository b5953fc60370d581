import { affected, EnvironmentEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { HeldEnvironment } from './held-environment.js';
import { clearHooksFailure } from './transitions/fail.js';

/** The databases of environments: their generations, and whether their hooks have run. */
@Injectable()
export class EnvironmentDatabasesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns whether `on_new` must still run for the current database. */
  isNew(environmentId: string): Promise<boolean> {
    return this.unitOfWork.manager.existsBy(EnvironmentEntity, { id: environmentId, isNew: true });
  }

  /** Returns whether a new database was requested and is not in place yet. */
  async isBeingReset(environmentId: string): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<unknown[]>(
      'SELECT 1 FROM environments WHERE id = $1 AND database_generation > observed_database_generation',
      [environmentId],
    );
    return rows.length > 0;
  }

  /** Returns the generation of an environment's current database; 0 when it has none yet. */
  async generationOf(environmentId: string): Promise<number> {
    const [row] = await this.unitOfWork.manager.query<{ generation: number }[]>(
      `SELECT observed_database_generation AS generation FROM environments
       JOIN environment_services part ON part.environment_id = environments.id
       WHERE environments.id = $1 AND part.kind = 'postgres' AND part.provisioned_at IS NOT NULL`,
      [environmentId],
    );
    return row?.generation ?? 0;
  }

  /**
   * Records that all hooks of the current database have run; false when the lease was lost. The failure of a running
   * environment was theirs.
   */
  recordInitialised({ environmentId, epoch }: HeldEnvironment): Promise<boolean> {
    return this.unitOfWork.run(async (transaction) => {
      const isRecorded = affected(
        await transaction.manager.query(
          'UPDATE environments SET is_new = false, hooks_due = false WHERE id = $1 AND lease_epoch = $2',
          [environmentId, epoch],
        ),
      );
      if (isRecorded) await clearHooksFailure(transaction, environmentId);
      return isRecorded;
    });
  }
}
