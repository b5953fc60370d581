import { isId } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** The largest value that Postgres can store in a column, in bytes. */
const MAX_CONTENT = 1024 * 1024 * 1024;

/** The tables of a log's owner: a deployment or an execution. */
interface LogTables {
  readonly owners: 'deployments' | 'executions';
  readonly archives: 'deployment_logs' | 'execution_logs';
  /** The column of `archives` that names the owner. */
  readonly archiveOwner: 'deployment_id' | 'execution_id';
  /** SQL: the number of finished writers of an `owner`. */
  readonly done: string;
  /**
   * SQL: the least number of writers to expect, since a builder opens the log only after its claim. A requeued build
   * counts twice in `attempt`.
   */
  readonly expected: string;
}

function tablesOf(ownerId: string): LogTables {
  return isId('execution', ownerId)
    ? {
        owners: 'executions',
        archives: 'execution_logs',
        archiveOwner: 'execution_id',
        done: '(SELECT count(*) FROM execution_logs WHERE execution_id = owner.id)',
        expected: '0',
      }
    : {
        owners: 'deployments',
        archives: 'deployment_logs',
        archiveOwner: 'deployment_id',
        done: '(SELECT count(*) FROM deployment_logs WHERE deployment_id = owner.id)',
        expected: 'attempt - given_back / 2',
      };
}

/** The lines of one writer, compressed; see `DeploymentLogEntity`. */
export interface LogArchive {
  readonly content: Buffer;
  readonly frames: readonly number[];
}

/** The writers of a log. */
export interface LogWriters {
  /** How many the log has had; 0 when its owner does not exist. */
  readonly count: number;
  /** Those whose lines are archived, in ascending order. */
  readonly archived: readonly number[];
}

/** The archived logs of deployments and executions, with their writers and their owners' statuses. */
@Injectable()
export class LogsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Assigns a new writer of a log its own number, counted from 1. */
  async openWriter(ownerId: string): Promise<number> {
    const [rows] = await this.unitOfWork.manager.query<[{ log_writers: number }[], number]>(
      `UPDATE ${tablesOf(ownerId).owners} SET log_writers = log_writers + 1 WHERE id = $1 RETURNING log_writers`,
      [ownerId],
    );
    const writer = rows[0]?.log_writers;
    if (writer === undefined) throw new Error(`cannot open a log: ${ownerId} does not exist`);
    return writer;
  }

  async writersOf(ownerId: string): Promise<LogWriters> {
    const { owners, archives, archiveOwner } = tablesOf(ownerId);
    const [row] = await this.unitOfWork.manager.query<LogWriters[]>(
      `SELECT log_writers AS count,
         ARRAY(SELECT writer FROM ${archives} WHERE ${archiveOwner} = owner.id ORDER BY writer) AS archived
       FROM ${owners} owner WHERE id = $1`,
      [ownerId],
    );
    return row ?? { count: 0, archived: [] };
  }

  /**
   * Returns whether the log of an ended owner is complete: the lines of all its writers are archived.
   *
   * @param graceMs the time after the end in which a writer may still write because it has not noticed the end yet; a
   *   writer that has not finished by then counts as dead
   */
  async isComplete(ownerId: string, graceMs: number): Promise<boolean> {
    const { owners, done, expected } = tablesOf(ownerId);
    const [row] = await this.unitOfWork.manager.query<{ whole: boolean | null }[]>(
      `SELECT finished_at < now() - make_interval(secs => $2 / 1000.0)
         OR ${done} >= greatest(log_writers, ${expected}) AS whole
       FROM ${owners} owner WHERE id = $1`,
      [ownerId, graceMs],
    );
    return row?.whole ?? true;
  }

  /** Archives the lines of one writer, unless they already are. */
  async archive(ownerId: string, writer: number, { content, frames }: LogArchive): Promise<void> {
    const { archives, archiveOwner } = tablesOf(ownerId);
    await this.unitOfWork.manager.query(
      `INSERT INTO ${archives} (${archiveOwner}, writer, content, frames) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING`,
      [ownerId, writer, content, frames],
    );
  }

  /** Returns the frames of an archive; null when it is of an earlier version, undefined when it does not exist. */
  async framesOf(ownerId: string, writer: number): Promise<readonly number[] | null | undefined> {
    const { archives, archiveOwner } = tablesOf(ownerId);
    const [row] = await this.unitOfWork.manager.query<{ frames: number[] | null }[]>(
      `SELECT frames FROM ${archives} WHERE ${archiveOwner} = $1 AND writer = $2`,
      [ownerId, writer],
    );
    return row?.frames;
  }

  /**
   * Returns a part of an archive; null when the archive does not exist.
   *
   * @param start in bytes, from 0
   * @param end where the part ends; by default with the archive
   */
  async contentOf(ownerId: string, writer: number, start = 0, end = MAX_CONTENT): Promise<Buffer | null> {
    const { archives, archiveOwner } = tablesOf(ownerId);
    const [row] = await this.unitOfWork.manager.query<{ content: Buffer }[]>(
      `SELECT substring(content FROM $3::integer + 1 FOR $4::integer) AS content FROM ${archives}
       WHERE ${archiveOwner} = $1 AND writer = $2`,
      [ownerId, writer, start, end - start],
    );
    return row?.content ?? null;
  }

  /** Replaces an archive of an earlier version with the same lines in frames. */
  async divide(ownerId: string, writer: number, { content, frames }: LogArchive): Promise<void> {
    const { archives, archiveOwner } = tablesOf(ownerId);
    await this.unitOfWork.manager.query(
      `UPDATE ${archives} SET content = $3, frames = $4
       WHERE ${archiveOwner} = $1 AND writer = $2 AND frames IS NULL`,
      [ownerId, writer, content, frames],
    );
  }

  /** Returns the statuses of the deployments and executions, and the outcomes of the deliveries, among the ids. */
  statusesOf(ids: readonly string[]): Promise<{ id: string; status: string }[]> {
    return this.unitOfWork.manager.query<{ id: string; status: string }[]>(
      `SELECT id, status FROM deployments WHERE id = ANY($1)
       UNION ALL SELECT id, status FROM executions WHERE id = ANY($1)
       UNION ALL SELECT id, outcome AS status FROM webhook_deliveries WHERE id = ANY($1)`,
      [ids],
    );
  }
}
