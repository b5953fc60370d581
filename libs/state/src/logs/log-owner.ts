import { isId } from '@nexos/domain';
import { DeploymentLogEntity, ExecutionLogEntity } from '@nexos/database';
import type { EntityManager } from 'typeorm';

/** What has a log, by its id: a deployment or an execution. */
interface LogTables {
  readonly owners: 'deployments' | 'executions';
  readonly archive: typeof DeploymentLogEntity | typeof ExecutionLogEntity;
  /** How many writers of an `owner` are done. */
  readonly done: string;
  /** How many there are to be at least: whoever took a build opens its log only then. One given back is two of `attempt`. */
  readonly toCome: string;
}

function tablesOf(ownerId: string): LogTables {
  return isId('execution', ownerId)
    ? {
        owners: 'executions',
        archive: ExecutionLogEntity,
        done: '(SELECT count(*) FROM execution_logs WHERE execution_id = owner.id)',
        toCome: '0',
      }
    : {
        owners: 'deployments',
        archive: DeploymentLogEntity,
        done: '(SELECT count(*) FROM deployment_logs WHERE deployment_id = owner.id)',
        toCome: 'attempt - given_back / 2',
      };
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

/**
 * Whether the log of what has come to its end grows no more: what each of its writers wrote is kept for good.
 *
 * @param graceMs after the end, in which a writer that has not noticed it yet may still write; one that is not done by
 *   then is taken to be dead
 */
export async function isLogWhole(manager: EntityManager, ownerId: string, graceMs: number): Promise<boolean> {
  const { owners, done, toCome } = tablesOf(ownerId);
  const [row] = await manager.query<{ whole: boolean | null }[]>(
    `SELECT finished_at < now() - make_interval(secs => $2 / 1000.0)
       OR ${done} >= greatest(log_writers, ${toCome}) AS whole
     FROM ${owners} owner WHERE id = $1`,
    [ownerId, graceMs],
  );
  return row?.whole ?? true;
}
