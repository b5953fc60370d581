import type { EntityManager } from 'typeorm';

/** Those of some projects that have been deleted. An id that is not known is not among them. */
export async function findDeletedProjects(manager: EntityManager, ids: readonly string[]): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM projects WHERE id = ANY($1) AND status = 'deleted'`,
    [ids],
  );
  return rows.map(({ id }) => id);
}
