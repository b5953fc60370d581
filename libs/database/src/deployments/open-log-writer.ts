import type { EntityManager } from 'typeorm';

/** Gives whoever is about to write into a deployment's log a writer number of its own, counted from 1. */
export async function openLogWriter(manager: EntityManager, deploymentId: string): Promise<number> {
  const [rows] = await manager.query<[{ log_writers: number }[], number]>(
    `UPDATE deployments SET log_writers = log_writers + 1 WHERE id = $1 RETURNING log_writers`,
    [deploymentId],
  );
  const writer = rows[0]?.log_writers;
  if (writer === undefined) throw new Error(`there is no deployment ${deploymentId} to write a log for`);
  return writer;
}
