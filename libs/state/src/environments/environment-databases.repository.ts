import { affected, EnvironmentEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { HeldEnvironment } from './held-environment.js';
import { clearHooksFailure } from './transitions/fail.js';

/** The databases of environments: their generations, and whether their hooks have run. */
@Injectable()
export class EnvironmentDatabasesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns whether no `on_new` has run to its end for the current database. */
  isNew(environmentId: string): Promise<boolean> {
    return this.unitOfWork.manager.existsBy(EnvironmentEntity, { id: environmentId, isNew: true });
  }

  /** Returns whether no seed has been restored into the current database. */
  isSeedDue(environmentId: string): Promise<boolean> {
    return this.unitOfWork.manager.existsBy(EnvironmentEntity, { id: environmentId, isSeedDue: true });
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

  /** Records that the current database's `on_new` or seed has run to its end; false when the lease was lost. */
  async recordRan({ environmentId, epoch }: HeldEnvironment, hook: 'on_new' | 'seed'): Promise<boolean> {
    return affected(
      await this.unitOfWork.manager.query(
        `UPDATE environments SET seed_due = seed_due AND $3 <> 'seed', is_new = is_new AND $3 <> 'on_new'
         WHERE id = $1 AND lease_epoch = $2`,
        [environmentId, epoch, hook],
      ),
    );
  }

  /**
   * Records that a version's hooks have run for the database that was reset; false when the lease was lost. The failure
   * of a running environment was theirs.
   */
  recordHooksRan({ environmentId, epoch }: HeldEnvironment): Promise<boolean> {
    return this.unitOfWork.run(async (transaction) => {
      const isRecorded = affected(
        await transaction.manager.query(
          'UPDATE environments SET hooks_due = false WHERE id = $1 AND lease_epoch = $2',
          [environmentId, epoch],
        ),
      );
      if (isRecorded) await clearHooksFailure(transaction, environmentId);
      return isRecorded;
    });
  }
}
