import type { EntityManager } from 'typeorm';

export interface KnownCacheRecord {
  readonly id: string;
  readonly projectId: string;
  /** Its project has been deleted. */
  readonly isOrphan: boolean;
}

/** To be asked for before the engine is asked what it has: the time, by the clock of the database. */
export async function cacheListingBegins(manager: EntityManager): Promise<Date> {
  const [row] = await manager.query<{ now: Date }[]>('SELECT now()');
  if (row === undefined) throw new Error('The database does not tell the time.');
  return row.now;
}

/** Writes down which projects new records of an engine's build cache are of; what is known already stays as it is. */
export async function keepCacheRecords(
  manager: EntityManager,
  engineId: string,
  records: readonly { id: string; projectId: string }[],
): Promise<void> {
  await manager.query(
    `INSERT INTO build_cache_records (engine_id, id, project_id)
     SELECT $1, r.id, r.project_id FROM unnest($2::text[], $3::text[]) AS r (id, project_id)
     ON CONFLICT DO NOTHING`,
    [engineId, records.map(({ id }) => id), records.map(({ projectId }) => projectId)],
  );
}

/**
 * What is known of an engine's build cache. What the engine does not have any more is forgotten.
 *
 * @param present the records that the engine had
 * @param listedAt when it was begun to list them: what was written down since then may be newer than the list
 */
export async function findCacheRecords(
  manager: EntityManager,
  engineId: string,
  present: readonly string[],
  listedAt: Date,
): Promise<KnownCacheRecord[]> {
  await manager.query(
    `DELETE FROM build_cache_records WHERE engine_id = $1 AND id <> ALL ($2) AND recorded_at < $3`,
    [engineId, present, listedAt],
  );
  return manager.query<KnownCacheRecord[]>(
    `SELECT r.id, r.project_id AS "projectId", p.id IS NULL AS "isOrphan"
     FROM build_cache_records r LEFT JOIN projects p ON p.id = r.project_id
     WHERE r.engine_id = $1`,
    [engineId],
  );
}
