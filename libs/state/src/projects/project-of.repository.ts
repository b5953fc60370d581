import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** The kinds of resources that belong to a project. */
export const PROJECT_RESOURCES = ['project', 'environment', 'deployment', 'execution', 'webhook'] as const;
export type ProjectResource = (typeof PROJECT_RESOURCES)[number];

const TABLES: Readonly<Record<Exclude<ProjectResource, 'project'>, string>> = {
  environment: 'environments',
  deployment: 'deployments',
  execution: 'executions',
  webhook: 'webhooks',
};

/** Finds the projects that resources belong to. */
@Injectable()
export class ProjectOfRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns the id of the project of a resource; null if it does not exist, or belongs to the whole account. */
  async find(kind: ProjectResource, id: string): Promise<string | null> {
    if (kind === 'project') return id;
    const [row] = await this.unitOfWork.manager.query<{ projectId: string | null }[]>(
      `SELECT project_id AS "projectId" FROM ${TABLES[kind]} WHERE id = $1`,
      [id],
    );
    return row?.projectId ?? null;
  }
}
