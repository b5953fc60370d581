import { type ServiceKind } from '@nexos/domain';
import { ProjectServiceEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { isNodeLeaving } from '../nodes/is-node-leaving.js';

const NEW_SUFFIX = 'left(gen_random_uuid()::text, 8)';

/** The key of a service that the environments of a project share. */
export interface ProjectServiceKey {
  readonly projectId: string;
  readonly kind: ServiceKind;
}

/** The node with a service's data, and the image that created the data. */
interface ServiceLocation {
  readonly nodeId: string;
  readonly imageId: string;
  /** The version of the image; null if it is unknown. */
  readonly version: string | null;
}

/** A service with its location and the suffix of its volume's name. */
interface PlacedService extends ServiceLocation {
  readonly volumeSuffix: string | null;
}

/** A volume of a shared service, as the engine lists it. */
interface ServiceVolume {
  readonly projectId: string;
  readonly kind: string;
  readonly suffix: string | null;
}

/** The services that the environments of a project share. */
@Injectable()
export class ProjectServicesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  ofProject(projectId: string): Promise<ProjectServiceEntity[]> {
    return this.unitOfWork.manager.find(ProjectServiceEntity, {
      where: { projectId },
      order: { kind: 'ASC' },
    });
  }

  /** Returns the versions of the data that a project's services have; null: unknown. */
  async dataOf(projectId: string): Promise<Partial<Record<ServiceKind, string | null>>> {
    const placed = (await this.ofProject(projectId)).filter(({ imageId }) => imageId !== null);
    return Object.fromEntries(placed.map(({ kind, version }) => [kind, version]));
  }

  /** Inserts a service of a project, unless it exists. */
  async insertIfMissing({ projectId, kind }: ProjectServiceKey, sealedPassword: string): Promise<void> {
    await this.unitOfWork.manager.query(
      `INSERT INTO project_services (project_id, kind, sealed_password, volume_suffix)
       VALUES ($1, $2, $3, ${NEW_SUFFIX}) ON CONFLICT DO NOTHING`,
      [projectId, kind, sealedPassword],
    );
  }

  /**
   * Sets the node and the image of a service, unless they are set, and the version of its image, unless it is known. Nothing is placed on a node that is being removed:
   * the check before a removal must see every service.
   *
   * @param memoryMb what the service reserves from its next start on
   * @returns the current ones; `gone` when the project no longer has the service
   */
  place(
    { projectId, kind }: ProjectServiceKey,
    { nodeId, imageId, version, memoryMb }: ServiceLocation & { readonly memoryMb: number },
  ): Promise<PlacedService | 'gone' | 'node-leaving'> {
    return this.unitOfWork.run(async ({ manager }) => {
      const key = { projectId, kind };
      const service = await manager.findOne(ProjectServiceEntity, {
        where: key,
        lock: { mode: 'pessimistic_write' },
      });
      if (service === null) return 'gone';
      if (service.nodeId === null && (await isNodeLeaving(manager, nodeId))) return 'node-leaving';
      const isSameImage = service.imageId === null || service.imageId === imageId;
      const location = {
        nodeId: service.nodeId ?? nodeId,
        imageId: service.imageId ?? imageId,
        version: service.version ?? (isSameImage ? version : null),
      };
      const isChanged = service.memoryMb !== memoryMb || service.version !== location.version;
      if (service.nodeId === null || isChanged) {
        await manager.update(ProjectServiceEntity, key, { ...location, memoryMb });
      }
      return { ...location, volumeSuffix: service.volumeSuffix };
    });
  }

  /** Clears the node and the image of a service without data; the next placement gets a new volume. */
  async unplace({ projectId, kind }: ProjectServiceKey): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE project_services SET node_id = NULL, image_id = NULL, version = NULL, volume_suffix = ${NEW_SUFFIX}
       WHERE project_id = $1 AND kind = $2`,
      [projectId, kind],
    );
  }

  /** Deletes the services of a project, once nothing of them is left on the engine. */
  async forgetAll(projectId: string): Promise<void> {
    await this.unitOfWork.run(async ({ manager }) => {
      await manager.query(
        `DELETE FROM database_backups backup USING environments environment
         WHERE environment.id = backup.environment_id AND environment.project_id = $1`,
        [projectId],
      );
      await manager.query('DELETE FROM environment_services WHERE project_id = $1', [projectId]);
      await manager.query('DELETE FROM project_services WHERE project_id = $1', [projectId]);
    });
  }

  /**
   * Returns those of the volumes whose service no longer exists in the project or now uses another volume. Volumes of
   * unknown projects count as in use.
   */
  async findAbandoned<Volume extends ServiceVolume>(volumes: readonly Volume[]): Promise<Volume[]> {
    const projectIds = [...new Set(volumes.map(({ projectId }) => projectId))];
    const rows = await this.unitOfWork.manager.query<{ id: string; kinds: string[] }[]>(
      `SELECT id, ARRAY(SELECT concat_ws('-', kind, volume_suffix) FROM project_services
                         WHERE project_id = projects.id) AS kinds
       FROM projects WHERE id = ANY($1)`,
      [projectIds],
    );
    const known = new Map(rows.map(({ id, kinds }) => [id, kinds]));
    return volumes.filter(
      ({ projectId, kind, suffix }) =>
        known.get(projectId)?.includes(suffix === null ? kind : `${kind}-${suffix}`) === false,
    );
  }
}
