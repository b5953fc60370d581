import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** A record of an engine's build cache whose project is known. */
export interface OwnedCacheRecord {
  readonly id: string;
  readonly projectId: string;
  /** Its project has been deleted. */
  readonly isOrphan: boolean;
}

/** Which projects the records of the engines' build caches belong to. */
@Injectable()
export class BuildCacheRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Records the projects of new records; what is known already is not changed. */
  async record(engineId: string, records: readonly { id: string; projectId: string }[]): Promise<void> {
    await this.unitOfWork.manager.query(
      `INSERT INTO build_cache_records (engine_id, id, project_id)
       SELECT $1, r.id, r.project_id FROM unnest($2::text[], $3::text[]) AS r (id, project_id)
       ON CONFLICT DO NOTHING`,
      [engineId, records.map(({ id }) => id), records.map(({ projectId }) => projectId)],
    );
  }

  /**
   * Forgets what the engine does not have any more, and answers what is known of the rest.
   *
   * @param present the records that the engine had
   * @param listedAt when listing them began, by the clock of the database (`UnitOfWork.now`): what was recorded since
   *   then may be newer than the list
   */
  async syncWith(engineId: string, present: readonly string[], listedAt: Date): Promise<OwnedCacheRecord[]> {
    const { manager } = this.unitOfWork;
    await manager.query(
      `DELETE FROM build_cache_records WHERE engine_id = $1 AND id <> ALL ($2) AND recorded_at < $3`,
      [engineId, present, listedAt],
    );
    return manager.query<OwnedCacheRecord[]>(
      `SELECT r.id, r.project_id AS "projectId", p.id IS NULL AS "isOrphan"
       FROM build_cache_records r LEFT JOIN projects p ON p.id = r.project_id
       WHERE r.engine_id = $1`,
      [engineId],
    );
  }
}
