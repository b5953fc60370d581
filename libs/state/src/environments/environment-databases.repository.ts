import { affected, EnvironmentEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { HeldEnvironment } from './held-environment.js';

/** The databases of environments: which generation there is, and whether its hooks have run. */
@Injectable()
export class EnvironmentDatabasesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Tells whether `on_new` has still to run for the present database. */
  isNew(environmentId: string): Promise<boolean> {
    return this.unitOfWork.manager.existsBy(EnvironmentEntity, { id: environmentId, isNew: true });
  }

  /** Tells whether another database was asked for that is not in its place yet. */
  async isBeingReset(environmentId: string): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<unknown[]>(
      'SELECT 1 FROM environments WHERE id = $1 AND database_generation > observed_database_generation',
      [environmentId],
    );
    return rows.length > 0;
  }

  /** The generation of the database that an environment has in its place; 0 when it has none yet. */
  async generationOf(environmentId: string): Promise<number> {
    const [row] = await this.unitOfWork.manager.query<{ generation: number }[]>(
      `SELECT observed_database_generation AS generation FROM environments
       JOIN environment_services part ON part.environment_id = environments.id
       WHERE environments.id = $1 AND part.kind = 'postgres' AND part.provisioned_at IS NOT NULL`,
      [environmentId],
    );
    return row?.generation ?? 0;
  }

  /** Records that all hooks have run since the database was made; false when the lease was lost. */
  async recordInitialised({ environmentId, epoch }: HeldEnvironment): Promise<boolean> {
    return affected(
      await this.unitOfWork.manager.query(
        'UPDATE environments SET is_new = false, hooks_due = false WHERE id = $1 AND lease_epoch = $2',
        [environmentId, epoch],
      ),
    );
  }

  /** Records that a hook failed that ran for a new database, and is not repeated; false when the lease was lost. */
  async giveUpHooks({ environmentId, epoch }: HeldEnvironment): Promise<boolean> {
    return affected(
      await this.unitOfWork.manager.query(
        'UPDATE environments SET hooks_due = false WHERE id = $1 AND lease_epoch = $2',
        [environmentId, epoch],
      ),
    );
  }
}
