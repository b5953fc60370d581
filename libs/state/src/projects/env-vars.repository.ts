import { EnvVarEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { findPage, type PageRequest } from '../page.js';

/** The totals of a project's variables. */
export interface EnvVarTotals {
  readonly variables: number;
  readonly branches: number;
  /** The total size of all sealed values, in bytes. */
  readonly sealed: number;
}

/** The sealed environment variables of projects. */
@Injectable()
export class EnvVarsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  page(projectId: string, page: PageRequest): Promise<EnvVarEntity[]> {
    return findPage(this.unitOfWork.manager, EnvVarEntity, { projectId }, page);
  }

  /** Returns all variables of a project, oldest first. */
  ofProject(projectId: string): Promise<EnvVarEntity[]> {
    return this.unitOfWork.manager.find(EnvVarEntity, { where: { projectId }, order: { id: 'ASC' } });
  }

  find(projectId: string, id: string): Promise<EnvVarEntity | null> {
    return this.unitOfWork.manager.findOneBy(EnvVarEntity, { projectId, id });
  }

  findByKeys(projectId: string, keys: readonly string[]): Promise<EnvVarEntity[]> {
    return this.unitOfWork.manager.findBy(EnvVarEntity, { projectId, key: In(keys) });
  }

  /** Creates or updates variables by id; returns the rows in the given order. */
  async save(
    projectId: string,
    variables: readonly Pick<EnvVarEntity, 'id' | 'key' | 'branch' | 'sealedValue' | 'isSecret' | 'build'>[],
  ): Promise<EnvVarEntity[]> {
    const ids = variables.map(({ id }) => id);
    await this.unitOfWork.manager.query(
      `INSERT INTO env_vars (id, project_id, key, branch, sealed_value, secret, build)
       SELECT id, $1, key, branch, sealed, secret, build
       FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[])
         AS given (id, key, branch, sealed, secret, build)
       ON CONFLICT (id) DO UPDATE
         SET sealed_value = excluded.sealed_value, secret = excluded.secret, build = excluded.build,
           updated_at = now()`,
      [
        projectId,
        ids,
        variables.map(({ key }) => key),
        variables.map(({ branch }) => branch),
        variables.map(({ sealedValue }) => sealedValue),
        variables.map(({ isSecret }) => isSecret),
        variables.map(({ build }) => build),
      ],
    );
    const rows = await this.unitOfWork.manager.findBy(EnvVarEntity, { id: In(ids) });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  async totalsOf(projectId: string): Promise<EnvVarTotals> {
    const [row] = await this.unitOfWork.manager.query<EnvVarTotals[]>(
      `SELECT count(*)::integer AS variables, count(DISTINCT branch)::integer AS branches,
         coalesce(sum(octet_length(sealed_value)), 0)::integer AS sealed
       FROM env_vars WHERE project_id = $1`,
      [projectId],
    );
    return row ?? { variables: 0, branches: 0, sealed: 0 };
  }

  async delete(projectId: string, id: string): Promise<void> {
    await this.unitOfWork.manager.delete(EnvVarEntity, { id, projectId });
  }
}
