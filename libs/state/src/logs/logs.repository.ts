import { isId } from '@nexos/domain';
import { DeploymentLogEntity, ExecutionLogEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** What has a log, by its id: a deployment or an execution. */
interface LogTables {
  readonly owners: 'deployments' | 'executions';
  readonly archive: typeof DeploymentLogEntity | typeof ExecutionLogEntity;
  /** How many writers of an `owner` are done. */
  readonly done: string;
  /** How many there are to be at least: whoever took a build opens its log only then. A requeued build is two of `attempt`. */
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

/** The archived logs of deployments and executions, their writers and their owners' statuses. */
@Injectable()
export class LogsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Gives whoever is about to write into a log a writer number of its own, counted from 1. */
  async openWriter(ownerId: string): Promise<number> {
    const [rows] = await this.unitOfWork.manager.query<[{ log_writers: number }[], number]>(
      `UPDATE ${tablesOf(ownerId).owners} SET log_writers = log_writers + 1 WHERE id = $1 RETURNING log_writers`,
      [ownerId],
    );
    const writer = rows[0]?.log_writers;
    if (writer === undefined) throw new Error(`there is no ${ownerId} to write a log for`);
    return writer;
  }

  /** Counts the writers that a log has had; 0 when there is nothing of that id. */
  async countWriters(ownerId: string): Promise<number> {
    const [row] = await this.unitOfWork.manager.query<{ log_writers: number }[]>(
      `SELECT log_writers FROM ${tablesOf(ownerId).owners} WHERE id = $1`,
      [ownerId],
    );
    return row?.log_writers ?? 0;
  }

  /**
   * Tells whether the log of what has come to its end grows no more: what each of its writers wrote is archived.
   *
   * @param graceMs after the end, in which a writer that has not noticed it yet may still write; one that is not done by
   *   then is taken to be dead
   */
  async isWhole(ownerId: string, graceMs: number): Promise<boolean> {
    const { owners, done, toCome } = tablesOf(ownerId);
    const [row] = await this.unitOfWork.manager.query<{ whole: boolean | null }[]>(
      `SELECT finished_at < now() - make_interval(secs => $2 / 1000.0)
         OR ${done} >= greatest(log_writers, ${toCome}) AS whole
       FROM ${owners} owner WHERE id = $1`,
      [ownerId, graceMs],
    );
    return row?.whole ?? true;
  }

  /** Archives what one writer wrote, unless that was done before. */
  async archive(ownerId: string, writer: number, content: Buffer): Promise<void> {
    await this.unitOfWork.manager
      .createQueryBuilder()
      .insert()
      .into(tablesOf(ownerId).archive)
      .values({ ownerId, writer, content })
      .orIgnore()
      .execute();
  }

  /** The writers of a log whose lines are archived, the first first. */
  async archivedWriters(ownerId: string): Promise<number[]> {
    const rows = await this.unitOfWork.manager.find(tablesOf(ownerId).archive, {
      select: { writer: true },
      where: { ownerId },
      order: { writer: 'ASC' },
    });
    return rows.map((row) => row.writer);
  }

  /** What one writer wrote, as it was archived; null while it was not. */
  async findArchive(ownerId: string, writer: number): Promise<Buffer | null> {
    const row = await this.unitOfWork.manager.findOneBy(tablesOf(ownerId).archive, { ownerId, writer });
    return row?.content ?? null;
  }

  /** The statuses of deployments and executions, and the outcomes of deliveries, of whichever of them the ids are. */
  statusesOf(ids: readonly string[]): Promise<{ id: string; status: string }[]> {
    return this.unitOfWork.manager.query<{ id: string; status: string }[]>(
      `SELECT id, status FROM deployments WHERE id = ANY($1)
       UNION ALL SELECT id, status FROM executions WHERE id = ANY($1)
       UNION ALL SELECT id, outcome AS status FROM webhook_deliveries WHERE id = ANY($1)`,
      [ids],
    );
  }
}
