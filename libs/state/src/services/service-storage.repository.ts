import { type ServiceKind, type StorageLevel } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** The usage of a service, and what an environment's live version expects of it. */
export interface ServiceStorage {
  readonly environmentId: string;
  readonly kind: ServiceKind;
  /** MiB of the whole project's data; null until it was measured. */
  readonly usedMb: number | null;
  /** MiB; null when the live version names none. */
  readonly limitMb: number | null;
  readonly level: StorageLevel;
  readonly measuredAt: Date | null;
}

/** A measured volume of a shared service. */
export interface MeasuredVolume {
  readonly projectId: string;
  readonly kind: string;
  readonly suffix: string | null;
  readonly usedMb: number;
}

/** How much space the services of projects take, compared to what their environments expect. */
@Injectable()
export class ServiceStorageRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns the services whose live version expects a size, and those whose level is not that of one without. */
  findWatched(): Promise<ServiceStorage[]> {
    return this.find(`environment.status NOT IN ('destroying', 'destroyed')`, []);
  }

  ofEnvironment(environmentId: string): Promise<ServiceStorage[]> {
    return this.find('environment.id = $1', [environmentId]);
  }

  /** Stores the sizes of volumes that services still use. */
  async recordUsage(volumes: readonly MeasuredVolume[]): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE project_services SET used_mb = measured.used_mb, measured_at = now()
       FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[]) measured (project_id, kind, suffix, used_mb)
       WHERE project_services.project_id = measured.project_id AND project_services.kind = measured.kind
         AND project_services.volume_suffix IS NOT DISTINCT FROM measured.suffix`,
      [
        volumes.map(({ projectId }) => projectId),
        volumes.map(({ kind }) => kind),
        volumes.map(({ suffix }) => suffix),
        volumes.map(({ usedMb }) => usedMb),
      ],
    );
  }

  private find(where: string, parameters: readonly unknown[]): Promise<ServiceStorage[]> {
    return this.unitOfWork.manager.query<ServiceStorage[]>(
      `SELECT * FROM (
         SELECT part.environment_id AS "environmentId", part.kind, service.used_mb AS "usedMb",
           (live.spec->'services'->part.kind->>'storage_mb')::integer AS "limitMb",
           part.storage_level AS level, service.measured_at AS "measuredAt"
         FROM environment_services part
         JOIN environments environment ON environment.id = part.environment_id
         JOIN project_services service ON service.project_id = part.project_id AND service.kind = part.kind
         LEFT JOIN deployments live ON live.id = environment.live_deployment_id
         WHERE ${where}
       ) watched
       WHERE "limitMb" IS NOT NULL OR level <> 'ok'
       ORDER BY "environmentId", kind`,
      [...parameters],
    );
  }
}
