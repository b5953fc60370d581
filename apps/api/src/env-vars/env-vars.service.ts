import { Sealer, sealIdentity } from '@nexos/crypto';
import { EnvVarEntity, UnitOfWork } from '@nexos/database';
import { isId, MAX_VARIABLES, newId } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { findPage } from '../http/find-page.js';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound, refused } from '../http/problems/api-error.js';
import { ProjectsService } from '../projects/projects.service.js';
import type { PutVariableDto } from './dto/put-variable.dto.js';

/** Each may cost some milliseconds to be compared with a branch. */
const MAX_GLOBS = 50;
/** Characters of all sealed values together: Swarm takes a service of about a megabyte. */
const MAX_SEALED = 700_000;

/** The environment variables of the projects of one account. */
@Injectable()
export class EnvVarsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly projects: ProjectsService,
    private readonly sealer: Sealer,
  ) {}

  /**
   * The newest first, one row more than was asked for where there is one.
   *
   * @throws {ApiError} not-found, also for another account's project
   */
  async list(accountId: string, projectId: string, page: PageQuery): Promise<EnvVarEntity[]> {
    await this.projects.get(accountId, projectId);
    return findPage(this.unitOfWork.manager, EnvVarEntity, { projectId }, page);
  }

  /**
   * Creates or updates all of them, or none. The project's row is locked meanwhile: twins wait for each other, and
   * no limit is passed by two at once.
   *
   * @returns the rows, in the order that was given
   */
  put(accountId: string, projectId: string, given: readonly PutVariableDto[]): Promise<EnvVarEntity[]> {
    const variables = given.map(({ key, value, branch }) => ({ key, value, branch: branch ?? '' }));
    assertDistinct(variables);
    return this.unitOfWork.run(async ({ manager }) => {
      await this.lockProject(accountId, projectId);
      const ids = await idsOf(manager, projectId, variables);
      await manager.query(
        `INSERT INTO env_vars (id, project_id, key, branch, sealed_value)
         SELECT id, $1, key, branch, sealed FROM unnest($2::text[], $3::text[], $4::text[], $5::text[])
           AS given (id, key, branch, sealed)
         ON CONFLICT (id) DO UPDATE SET sealed_value = excluded.sealed_value, updated_at = now()`,
        [
          projectId,
          ids,
          variables.map(({ key }) => key),
          variables.map(({ branch }) => branch),
          variables.map(({ value }, i) => this.sealer.seal(value, sealIdentity.envVar(ids[i] ?? ''))),
        ],
      );
      await assertWithinLimits(manager, projectId);
      const rows = await manager.findBy(EnvVarEntity, { id: In(ids) });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    });
  }

  /** @throws {ApiError} not-found, also when it was deleted before */
  async delete(accountId: string, projectId: string, id: string): Promise<void> {
    await this.unitOfWork.run(async ({ manager }) => {
      await this.lockProject(accountId, projectId);
      const { affected } = isId('envVar', id)
        ? await manager.delete(EnvVarEntity, { id, projectId })
        : { affected: 0 };
      if (affected !== 1) throw notFound('environment variable');
    });
  }

  private async lockProject(accountId: string, id: string): Promise<void> {
    const { status } = await this.projects.get(accountId, id, { mode: 'for_no_key_update' });
    if (status === 'deleting') throw new ApiError('conflict', 'The project is being deleted.');
  }
}

/** The id of the row that there is of each, or a new one: a value is sealed for its row. */
async function idsOf(
  manager: EntityManager,
  projectId: string,
  variables: readonly { key: string; branch: string }[],
): Promise<string[]> {
  const rows = await manager.findBy(EnvVarEntity, { projectId, key: In(variables.map(({ key }) => key)) });
  const ids = new Map(rows.map((row) => [nameOf(row), row.id]));
  return variables.map((variable) => ids.get(nameOf(variable)) ?? newId('envVar'));
}

function assertDistinct(variables: readonly { key: string; branch: string }[]): void {
  const first = new Map<string, number>();
  const errors = variables.flatMap((variable, i) => {
    const before = first.get(nameOf(variable));
    if (before === undefined) first.set(nameOf(variable), i);
    return before === undefined
      ? []
      : [{ field: `variables.${i}.key`, message: `must not repeat variables.${before} of the same branch` }];
  });
  if (errors.length > 0) throw refused(errors);
}

async function assertWithinLimits(manager: EntityManager, projectId: string): Promise<void> {
  const [row] = await manager.query<{ count: number; globs: number; sealed: number }[]>(
    `SELECT count(*)::integer AS count, count(DISTINCT branch)::integer AS globs,
       sum(octet_length(sealed_value))::integer AS sealed FROM env_vars WHERE project_id = $1`,
    [projectId],
  );
  if (row === undefined) return;
  if (row.count > MAX_VARIABLES) {
    throw new ApiError('conflict', `A project has at most ${MAX_VARIABLES} environment variables.`);
  }
  if (row.globs > MAX_GLOBS) {
    throw new ApiError(
      'conflict',
      `The variables of a project have at most ${MAX_GLOBS} different branches.`,
    );
  }
  if (row.sealed > MAX_SEALED) {
    throw new ApiError('conflict', 'The values of a project have at most about 500 KiB together.');
  }
}

function nameOf({ key, branch }: { key: string; branch: string }): string {
  return `${key} ${branch}`;
}
