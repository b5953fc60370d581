import { UnitOfWork } from '@nexos/database';
import { APP_CONTAINER } from '@nexos/domain';
import { Injectable } from '@nestjs/common';

/** The archived last output of deployments' containers. */
@Injectable()
export class OutputArchivesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns the archive of a container of a deployment; null when it has none. An earlier release may have archived the app's. */
  async find(deploymentId: string, container: string): Promise<Buffer | null> {
    const [row] = await this.unitOfWork.manager.query<{ content: Buffer }[]>(
      `SELECT content, last_nanoseconds FROM container_outputs WHERE deployment_id = $1 AND container = $2
       UNION ALL
       SELECT content, last_nanoseconds FROM output_archives WHERE deployment_id = $1 AND $2 = '${APP_CONTAINER}'
       ORDER BY last_nanoseconds DESC LIMIT 1`,
      [deploymentId, container],
    );
    return row?.content ?? null;
  }

  /**
   * Stores an archive, unless there is one that ends later: another worker has read on. Does nothing once the deployment
   * is deleted.
   *
   * @param lastNanoseconds the time of the last line, since the epoch
   */
  async save(
    deploymentId: string,
    container: string,
    content: Buffer,
    lastNanoseconds: string,
  ): Promise<void> {
    await this.unitOfWork.manager.query(
      `INSERT INTO container_outputs AS archive (deployment_id, container, content, last_nanoseconds)
       SELECT id, $4, $2, $3 FROM deployments WHERE id = $1 FOR KEY SHARE
       ON CONFLICT (deployment_id, container) DO UPDATE
         SET content = excluded.content, last_nanoseconds = excluded.last_nanoseconds, archived_at = now()
         WHERE archive.last_nanoseconds <= excluded.last_nanoseconds`,
      [deploymentId, content, lastNanoseconds, container],
    );
  }
}
