import { type DeploymentStatus } from '@nexos/domain';
import { EnvironmentEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { In, Not } from 'typeorm';
import { EXPIRED, type ExpiredEnvironment } from './expire-environment.js';
import { findOwned, findPage, type PageRequest } from '../page.js';

/** Reads environments. The transitions in this folder change their status. */
@Injectable()
export class EnvironmentsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  find(id: string): Promise<EnvironmentEntity | null> {
    return this.unitOfWork.manager.findOneBy(EnvironmentEntity, { id });
  }

  /** @throws when the environment does not exist */
  get(id: string): Promise<EnvironmentEntity> {
    return this.unitOfWork.manager.findOneByOrFail(EnvironmentEntity, { id });
  }

  findOfAccount(accountId: string, id: string): Promise<EnvironmentEntity | null> {
    return findOwned(this.unitOfWork.manager, EnvironmentEntity, accountId, id);
  }

  page(projectId: string, page: PageRequest): Promise<EnvironmentEntity[]> {
    return findPage(this.unitOfWork.manager, EnvironmentEntity, { projectId }, page);
  }

  /** Returns the host names of environments by id. */
  async hostnamesOf(ids: readonly string[]): Promise<Map<string, string>> {
    const environments = await this.unitOfWork.manager.find(EnvironmentEntity, {
      select: { id: true, hostname: true },
      where: { id: In([...new Set(ids)]) },
    });
    return new Map(environments.map(({ id, hostname }) => [id, hostname]));
  }

  /** Returns the statuses of the environments' unfinished deployments, by environment id. */
  async unfinishedIn(ids: readonly string[]): Promise<Map<string, DeploymentStatus[]>> {
    const rows = await this.unitOfWork.manager.query<{ id: string; unfinished: DeploymentStatus[] }[]>(
      `SELECT environment_id AS id, array_agg(status) AS unfinished FROM deployments
       WHERE environment_id = ANY($1) AND status IN ('queued', 'building', 'deploying') GROUP BY environment_id`,
      [ids],
    );
    return new Map(rows.map(({ id, unfinished }) => [id, unfinished]));
  }

  /** Returns whether an environment is still at the generation: nothing was requested since. */
  isAtGeneration(id: string, generation: string): Promise<boolean> {
    return this.unitOfWork.manager.existsBy(EnvironmentEntity, { id, generation });
  }

  /** Returns whether an environment is still at the generation, with the desired deployment still in the status. */
  async isStillDesired(
    { id, generation }: { id: string; generation: string },
    deployment: { id: string; status: DeploymentStatus },
  ): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<unknown[]>(
      `SELECT 1 FROM environments JOIN deployments ON deployments.id = environments.desired_deployment_id
       WHERE environments.id = $1 AND environments.generation = $2 AND deployments.id = $3
         AND deployments.status = $4`,
      [id, generation, deployment.id, deployment.status],
    );
    return rows.length > 0;
  }

  /**
   * Finds environments without pushes or deployments for as long as their projects keep them, ordered by id.
   *
   * @param after the last id of the previous batch
   */
  findExpired(after: string, limit: number): Promise<ExpiredEnvironment[]> {
    return this.unitOfWork.manager.query<ExpiredEnvironment[]>(
      `${EXPIRED} AND environment.id > $1 ORDER BY environment.id LIMIT $2`,
      [after, limit],
    );
  }

  /** Returns the project's environments except one being destroyed: those that stay and those also being destroyed. */
  async findOthers(projectId: string, goingId: string): Promise<{ staying: string[]; going: string[] }> {
    const others = await this.unitOfWork.manager.find(EnvironmentEntity, {
      select: { id: true, status: true },
      where: { projectId, id: Not(goingId), status: Not('destroyed') },
    });
    const idsOf = (isGoing: boolean) =>
      others.filter(({ status }) => (status === 'destroying') === isGoing).map(({ id }) => id);
    return { staying: idsOf(false), going: idsOf(true) };
  }

  /**
   * Returns whether any environment of the project needs the shared services: it runs or should run, or its data in
   * them must still be changed or removed. An environment with nothing to run and no unfinished deployment does not, nor
   * does one whose version could not be started, until somebody or Nexos tries again.
   */
  async isAnyActive(projectId: string): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<unknown[]>(
      `SELECT 1 FROM environments environment
       WHERE project_id = $1
         AND ((desired_state = 'running' AND status <> 'destroyed'
               AND ((live_deployment_id IS NOT NULL
                     AND NOT (status = 'failed' AND failed_generation = generation AND retry_at IS NULL))
                    OR database_generation > observed_database_generation
                    OR EXISTS (SELECT 1 FROM deployments
                               WHERE environment_id = environment.id
                                 AND deployments.status IN ('queued', 'building', 'deploying'))
                    OR EXISTS (SELECT 1 FROM executions
                               WHERE environment_id = environment.id AND settled_at IS NULL
                                 AND finished_at IS NULL)))
              OR (desired_state = 'paused' AND status <> 'paused')
              OR (status = 'destroying'
                  AND EXISTS (SELECT 1 FROM environment_services part WHERE part.environment_id = environment.id)))
       LIMIT 1`,
      [projectId],
    );
    return rows.length > 0;
  }
}
