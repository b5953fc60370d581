import { isId } from '@nexos/domain';
import { DeploymentLogEntity, ExecutionLogEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** The tables of a log's owner: a deployment or an execution. */
interface LogTables {
  readonly owners: 'deployments' | 'executions';
  readonly archive: typeof DeploymentLogEntity | typeof ExecutionLogEntity;
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
        archive: ExecutionLogEntity,
        done: '(SELECT count(*) FROM execution_logs WHERE execution_id = owner.id)',
        expected: '0',
      }
    : {
        owners: 'deployments',
        archive: DeploymentLogEntity,
        done: '(SELECT count(*) FROM deployment_logs WHERE deployment_id = owner.id)',
        expected: 'attempt - given_back / 2',
      };
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

  /** Counts the writers that a log has had; 0 when its owner does not exist. */
  async countWriters(ownerId: string): Promise<number> {
    const [row] = await this.unitOfWork.manager.query<{ log_writers: number }[]>(
      `SELECT log_writers FROM ${tablesOf(ownerId).owners} WHERE id = $1`,
      [ownerId],
    );
    return row?.log_writers ?? 0;
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
  async archive(ownerId: string, writer: number, content: Buffer): Promise<void> {
    await this.unitOfWork.manager
      .createQueryBuilder()
      .insert()
      .into(tablesOf(ownerId).archive)
      .values({ ownerId, writer, content })
      .orIgnore()
      .execute();
  }

  /** Returns the writers whose lines are archived, in ascending order. */
  async archivedWriters(ownerId: string): Promise<number[]> {
    const rows = await this.unitOfWork.manager.find(tablesOf(ownerId).archive, {
      select: { writer: true },
      where: { ownerId },
      order: { writer: 'ASC' },
    });
    return rows.map((row) => row.writer);
  }

  /** Returns the archive of one writer; null when it does not exist yet. */
  async findArchive(ownerId: string, writer: number): Promise<Buffer | null> {
    const row = await this.unitOfWork.manager.findOneBy(tablesOf(ownerId).archive, { ownerId, writer });
    return row?.content ?? null;
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
