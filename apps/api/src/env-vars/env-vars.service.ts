import { Sealer, sealIdentity } from '@nexos/crypto';
import { type EnvVarEntity, UnitOfWork } from '@nexos/database';
import { isId, MAX_VARIABLES, newId } from '@nexos/domain';
import { EnvVarsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound, refused } from '../http/problems/api-error.js';
import { ProjectsService } from '../projects/projects.service.js';
import type { PutVariableDto } from './dto/put-variable.dto.js';

/** Matching each glob against a branch may take some milliseconds. */
const MAX_GLOBS = 50;
/** Total characters of all sealed values: Swarm accepts services of up to about a megabyte. */
const MAX_SEALED = 700_000;

/** Manages the environment variables of an account's projects. */
@Injectable()
export class EnvVarsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly variables: EnvVarsRepository,
    private readonly projects: ProjectsService,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Returns the newest first, plus one extra row if there is a next page.
   *
   * @throws {ApiError} not-found, also for another account's project
   */
  async list(accountId: string, projectId: string, page: PageQuery): Promise<EnvVarEntity[]> {
    await this.projects.get(accountId, projectId);
    return this.variables.page(projectId, page);
  }

  /**
   * Creates or updates all given variables, or none. Locks the project's row, so that concurrent requests cannot exceed a
   * limit together.
   *
   * @returns the rows, in the given order
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

  /** @throws {ApiError} not-found, also if it is already deleted */
  async delete(accountId: string, projectId: string, id: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      await this.lockProject(accountId, projectId);
      const isDeleted = isId('envVar', id) && (await this.variables.delete(projectId, id));
      if (!isDeleted) throw notFound('environment variable');
    });
  }

  private async lockProject(accountId: string, id: string): Promise<void> {
    const { status } = await this.projects.get(accountId, id, { isLocked: true });
    if (status === 'deleting')
      throw new ApiError(
        'conflict',
        'The project is being deleted, so its environment variables can no longer be changed.',
      );
  }

  /** Returns the id of each variable's row, or a new id: a value is sealed for its row. */
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
      throw new ApiError(
        'conflict',
        `A project can have at most ${MAX_VARIABLES} environment variables. Delete some first.`,
      );
    }
    if (branches > MAX_GLOBS) {
      throw new ApiError(
        'conflict',
        `The environment variables of a project can use at most ${MAX_GLOBS} different branches or globs. Use fewer.`,
      );
    }
    if (sealed > MAX_SEALED) {
      throw new ApiError(
        'conflict',
        "The values of a project's environment variables can take up about 500 KiB in total. Delete some variables, or shorten their values.",
      );
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
      : [
          {
            field: `variables.${i}.key`,
            message: `must not repeat the key of variables.${before} for the same branch`,
          },
        ];
  });
  if (errors.length > 0) throw refused(errors);
}

function nameOf({ key, branch }: { key: string; branch: string }): string {
  return `${key} ${branch}`;
}
