import { isId } from '@nexos/domain';
import type { EntityManager } from 'typeorm';
import { DeploymentLogEntity } from './entities/deployment-log.entity.js';
import { ExecutionLogEntity } from './entities/execution-log.entity.js';

/** What has a log, by its id: a deployment or an execution. */
interface LogTables {
  readonly owners: 'deployments' | 'executions';
  readonly archive: typeof DeploymentLogEntity | typeof ExecutionLogEntity;
}

function tablesOf(ownerId: string): LogTables {
  return isId('execution', ownerId)
    ? { owners: 'executions', archive: ExecutionLogEntity }
    : { owners: 'deployments', archive: DeploymentLogEntity };
}

/** Where what was written into the log of that deployment or execution is kept. */
export function logArchiveOf(ownerId: string): LogTables['archive'] {
  return tablesOf(ownerId).archive;
}

/** Gives whoever is about to write into a log a writer number of its own, counted from 1. */
export async function openLogWriter(manager: EntityManager, ownerId: string): Promise<number> {
  const [rows] = await manager.query<[{ log_writers: number }[], number]>(
    `UPDATE ${tablesOf(ownerId).owners} SET log_writers = log_writers + 1 WHERE id = $1 RETURNING log_writers`,
    [ownerId],
  );
  const writer = rows[0]?.log_writers;
  if (writer === undefined) throw new Error(`there is no ${ownerId} to write a log for`);
  return writer;
}

/** How many writers a log has had; 0 when there is nothing of that id. */
export async function countLogWriters(manager: EntityManager, ownerId: string): Promise<number> {
  const [row] = await manager.query<{ log_writers: number }[]>(
    `SELECT log_writers FROM ${tablesOf(ownerId).owners} WHERE id = $1`,
    [ownerId],
  );
  return row?.log_writers ?? 0;
}
