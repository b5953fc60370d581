import { Sealer, sealIdentity } from '@nexos/crypto';
import { type EnvVarEntity, UnitOfWork } from '@nexos/database';
import { isId, MAX_VARIABLES, newId } from '@nexos/domain';
import { EnvVarsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
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
    private readonly variables: EnvVarsRepository,
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
    return this.variables.page(projectId, page);
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
    return this.unitOfWork.run(async () => {
      await this.lockProject(accountId, projectId);
      const ids = await this.idsOf(projectId, variables);
      const rows = variables.map(({ key, branch, value }, index) => {
        const id = ids[index] ?? newId('envVar');
        return { id, key, branch, sealedValue: this.sealer.seal(value, sealIdentity.envVar(id)) };
      });
      const saved = await this.variables.save(projectId, rows);
      await this.assertWithinLimits(projectId);
      return saved;
    });
  }

  /** @throws {ApiError} not-found, also when it was deleted before */
  async delete(accountId: string, projectId: string, id: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      await this.lockProject(accountId, projectId);
      const isDeleted = isId('envVar', id) && (await this.variables.delete(projectId, id));
      if (!isDeleted) throw notFound('environment variable');
    });
  }

  private async lockProject(accountId: string, id: string): Promise<void> {
    const { status } = await this.projects.get(accountId, id, { isLocked: true });
    if (status === 'deleting') throw new ApiError('conflict', 'The project is being deleted.');
  }

  /** The id of each variable's row, or a new one: a value is sealed for its row. */
  private async idsOf(
    projectId: string,
    variables: readonly { key: string; branch: string }[],
  ): Promise<string[]> {
    const keys = variables.map(({ key }) => key);
    const rows = await this.variables.findByKeys(projectId, keys);
    const ids = new Map(rows.map((row) => [nameOf(row), row.id]));
    return variables.map((variable) => ids.get(nameOf(variable)) ?? newId('envVar'));
  }

  private async assertWithinLimits(projectId: string): Promise<void> {
    const { variables, branches, sealed } = await this.variables.totalsOf(projectId);
    if (variables > MAX_VARIABLES) {
      throw new ApiError('conflict', `A project has at most ${MAX_VARIABLES} environment variables.`);
    }
    if (branches > MAX_GLOBS) {
      throw new ApiError(
        'conflict',
        `The variables of a project have at most ${MAX_GLOBS} different branches.`,
      );
    }
    if (sealed > MAX_SEALED) {
      throw new ApiError('conflict', 'The values of a project have at most about 500 KiB together.');
    }
  }
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

function nameOf({ key, branch }: { key: string; branch: string }): string {
  return `${key} ${branch}`;
}
