import { type EnvironmentEntity, HostnameEntity, ProjectEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { allocateHostname } from './allocate-hostname.js';
import { lockEnvironment } from './lock-environment.js';

/** The host names of an environment by container, with those of containers that it no longer has. */
export type Hostnames = ReadonlyMap<string, string>;

/** The host names of environments. */
@Injectable()
export class HostnamesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async ofEnvironment(environmentId: string): Promise<Hostnames> {
    const rows = await this.unitOfWork.manager.findBy(HostnameEntity, { environmentId });
    return new Map(rows.map(({ container, hostname }) => [container, hostname]));
  }

  /** Allocates host names to containers that have none. An environment keeps them until it is destroyed. */
  async ensure(
    { id, projectId, branch }: EnvironmentEntity,
    containers: readonly string[],
    baseDomain: string,
  ): Promise<Hostnames> {
    const present = await this.ofEnvironment(id);
    const missing = containers.filter((container) => !present.has(container));
    if (missing.length === 0) return present;
    await this.unitOfWork.run(async ({ manager }) => {
      await lockEnvironment(manager, id);
      const project = await manager.findOneByOrFail(ProjectEntity, { id: projectId });
      const held = await this.ofEnvironment(id);
      for (const container of missing.filter((one) => !held.has(one))) {
        await allocateHostname(manager, { id, branch }, project, baseDomain, container);
      }
    });
    return this.ofEnvironment(id);
  }
}
