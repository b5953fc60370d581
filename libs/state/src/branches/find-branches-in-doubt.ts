import type { EntityManager } from 'typeorm';

/** Branches of which it has been in doubt for a while where they stand. */
export async function findBranchesInDoubt(manager: EntityManager, forMs: number): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM branches WHERE in_doubt_since < now() - make_interval(secs => $1 / 1000.0)
     ORDER BY in_doubt_since LIMIT 200`,
    [forMs],
  );
  return rows.map((row) => row.id);
}
