import { OutputArchiveEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** The archived last output of deployments' apps. */
@Injectable()
export class OutputArchivesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns the archive of a deployment; null when it has none. */
  async find(deploymentId: string): Promise<Buffer | null> {
    const row = await this.unitOfWork.manager.findOneBy(OutputArchiveEntity, { deploymentId });
    return row?.content ?? null;
  }

  /**
   * Stores an archive, unless there is one that ends later: another worker has read on. Does nothing once the deployment
   * is deleted.
   *
   * @param lastNanoseconds the time of the last line, since the epoch
   */
  async save(deploymentId: string, content: Buffer, lastNanoseconds: string): Promise<void> {
    await this.unitOfWork.manager.query(
      `INSERT INTO output_archives AS archive (deployment_id, content, last_nanoseconds)
       SELECT id, $2, $3 FROM deployments WHERE id = $1 FOR KEY SHARE
       ON CONFLICT (deployment_id) DO UPDATE
         SET content = excluded.content, last_nanoseconds = excluded.last_nanoseconds, archived_at = now()
         WHERE archive.last_nanoseconds <= excluded.last_nanoseconds`,
      [deploymentId, content, lastNanoseconds],
    );
  }
}
