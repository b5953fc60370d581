import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** A record of an engine's build cache, with its project. */
export interface OwnedCacheRecord {
  readonly id: string;
  readonly projectId: string;
  /** True when its project has been deleted. */
  readonly isOrphan: boolean;
}

/** Maps the records of the engines' build caches to projects. */
@Injectable()
export class BuildCacheRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Stores the projects of new records; known records stay unchanged. */
  async record(engineId: string, records: readonly { id: string; projectId: string }[]): Promise<void> {
    await this.unitOfWork.manager.query(
      `INSERT INTO build_cache_records (engine_id, id, project_id)
       SELECT $1, r.id, r.project_id FROM unnest($2::text[], $3::text[]) AS r (id, project_id)
       ON CONFLICT DO NOTHING`,
      [engineId, records.map(({ id }) => id), records.map(({ projectId }) => projectId)],
    );
  }

  /**
   * Deletes the records that the engine no longer has, and returns the others.
   *
   * @param present the records that the engine listed
   * @param listedAt when the listing began, by the database's clock (`UnitOfWork.now`): records stored since then may
   *   be newer than the list
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
