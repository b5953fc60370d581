import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/**
 * SQL: whether `health`, a row of container_health, holds back the restart of its container because that exits again and
 * again. After the hold, the container gets time to be restarted without a reconcile.
 */
export const IS_HELD = `health.held_until > now() - interval '15 seconds'`;

/** The containers whose restart is held back. Their services are scaled to zero, although nobody stopped them. */
@Injectable()
export class HeldRestartsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns the names of the held containers of an environment's live version; none of any other version. */
  async find(environmentId: string, deploymentId: string): Promise<ReadonlySet<string>> {
    const rows = await this.unitOfWork.manager.query<{ container: string }[]>(
      `SELECT container FROM container_health health
       WHERE environment_id = $1 AND deployment_id = $2 AND ${IS_HELD}`,
      [environmentId, deploymentId],
    );
    return new Set(rows.map(({ container }) => container));
  }
}
