import { DatabaseBackupEntity, EnvironmentEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { forgetBackup } from './forget-backup.js';

/** How long a backup can be restored. */
const BACKUP_DAYS = 7;

/** The most backups kept of one environment, so that resets do not fill the disk. */
export const MAX_BACKUPS = 20;

/** True for rows of `database_backups backup` among their environment's newest, not counting one being restored. */
export const IS_KEPT = `(SELECT count(*) FROM database_backups newer JOIN environments ON environments.id = newer.environment_id
  WHERE newer.environment_id = backup.environment_id AND newer.generation > backup.generation
    AND newer.generation IS DISTINCT FROM environments.restored_generation) < ${MAX_BACKUPS}`;

/** The backups of environments' databases, which can be restored. */
@Injectable()
export class DatabaseBackupsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Records a backup of a generation of an environment's database. */
  async record(environmentId: string, generation: number): Promise<void> {
    await this.unitOfWork.manager.query(
      `INSERT INTO database_backups (environment_id, generation, expires_at)
       VALUES ($1, $2, now() + make_interval(days => $3))
       ON CONFLICT (environment_id, generation) DO UPDATE SET taken_at = now(), expires_at = excluded.expires_at`,
      [environmentId, generation, BACKUP_DAYS],
    );
  }

  /** Returns the restorable backups, newest first, without one that is still being made. */
  findRestorable(environmentId: string): Promise<DatabaseBackupEntity[]> {
    return this.unitOfWork.manager
      .createQueryBuilder(DatabaseBackupEntity, 'backup')
      .innerJoin(EnvironmentEntity, 'environment', 'environment.id = backup.environmentId')
      .where('backup.environmentId = :environmentId AND backup.expiresAt > now()', { environmentId })
      .andWhere('backup.generation < environment.observedDatabaseGeneration')
      .andWhere(IS_KEPT)
      .orderBy('backup.generation', 'DESC')
      .getMany();
  }

  /**
   * Returns the generations of an environment's expired or excess backups, oldest first, without one that is being
   * made or restored.
   */
  async findExpired(environmentId: string): Promise<number[]> {
    const rows = await this.unitOfWork.manager.query<{ generation: number }[]>(
      `SELECT backup.generation FROM database_backups backup
       JOIN environments environment ON environment.id = backup.environment_id
       WHERE backup.environment_id = $1 AND (backup.expires_at < now() OR NOT ${IS_KEPT})
         AND backup.generation < environment.observed_database_generation
         AND backup.generation IS DISTINCT FROM environment.restored_generation
       ORDER BY backup.generation`,
      [environmentId],
    );
    return rows.map(({ generation }) => generation);
  }

  async forget(environmentId: string, generation: number): Promise<void> {
    await forgetBackup(this.unitOfWork.manager, environmentId, generation);
  }
}
