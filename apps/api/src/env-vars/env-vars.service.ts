import { Sealer, sealIdentity, UnsealError } from '@nexos/crypto';
import { type EnvVarEntity, UnitOfWork } from '@nexos/database';
import {
  argumentNameProblem,
  excessOf,
  hasReferences,
  injectedNames,
  isId,
  matchesBranchGlob,
  MAX_VARIABLES,
  newId,
  QuotaExceededError,
  referenceProblem,
  variablesOfBranch,
} from '@nexos/domain';
import { AccountsRepository, EnvVarsRepository, recordAudit } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound, refused } from '../http/problems/api-error.js';
import { ProjectsService } from '../projects/projects.service.js';
import { auditedVariable, changedVariable } from './audited-variable.js';
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
    private readonly accounts: AccountsRepository,
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
   * @throws {QuotaExceededError} when the project would have more variables than the account's plan allows
   */
  put(accountId: string, projectId: string, given: readonly PutVariableDto[]): Promise<EnvVarEntity[]> {
    const variables = given.map(({ branch, ...variable }) => ({ ...variable, branch: branch ?? '' }));
    assertDistinct(variables);
    return this.unitOfWork.run(async (transaction) => {
      await this.lockProject(accountId, projectId);
      const known = await this.knownAmong(projectId, variables);
      const rows = variables.map((variable) => {
        const before = known.get(nameOf(variable));
        const { id = newId('envVar'), isSecret = true } = before ?? {};
        const { key, branch, value, secret = isSecret, build = before?.build ?? null } = variable;
        const sealedValue = this.sealer.seal(value, sealIdentity.envVar(id));
        return { id, key, branch, sealedValue, isSecret: secret, build };
      });
      assertBuildable(rows);
      const saved = await this.variables.save(projectId, rows);
      if (variables.some(({ value }) => hasReferences(value)))
        await this.assertReferences(projectId, variables);
      await this.assertWithinLimits(accountId, projectId, rows.length - known.size);
      const changes = saved.flatMap((row, i) => {
        const before = known.get(nameOf(row)) ?? null;
        return changedVariable(this.sealer, before, row, variables[i]?.value ?? '') ?? [];
      });
      if (changes.length === 0) return saved;
      const before = changes.flatMap((change) => change.before ?? []);
      await recordAudit(transaction, {
        action: 'env_var.put',
        subject: saved.length === 1 ? (saved[0]?.id ?? null) : null,
        projectId,
        before: before.length === 0 ? null : { variables: before },
        after: { variables: changes.map(({ after }) => after) },
      });
      return saved;
    });
  }

  /** @throws {ApiError} not-found, also if it is already deleted */
  async delete(accountId: string, projectId: string, id: string): Promise<void> {
    await this.unitOfWork.run(async (transaction) => {
      await this.lockProject(accountId, projectId);
      const deleted = isId('envVar', id) ? await this.variables.find(projectId, id) : null;
      if (deleted === null) throw notFound('environment variable');
      await this.variables.delete(projectId, id);
      const before = auditedVariable(deleted);
      await recordAudit(transaction, { action: 'env_var.delete', subject: id, projectId, before });
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

  /** Returns the rows that variables already have: a value is sealed for its row. */
  private async knownAmong(
    projectId: string,
    variables: readonly { key: string; branch: string }[],
  ): Promise<ReadonlyMap<string, EnvVarEntity>> {
    const keys = variables.map(({ key }) => key);
    const rows = await this.variables.findByKeys(projectId, keys);
    return new Map(rows.map((row) => [nameOf(row), row]));
  }

  /**
   * Rejects references that no deployment could follow. A name that is unknown here may be one that `nexos.yaml` or a
   * service adds.
   */
  private async assertReferences(
    projectId: string,
    given: readonly { key: string; branch: string }[],
  ): Promise<void> {
    const rows = (await this.variables.ofProject(projectId)).flatMap(({ id, key, branch, sealedValue }) => {
      const value = this.open(id, sealedValue);
      return value === null ? [] : [{ key, branch, value }];
    });
    for (const branch of new Set(rows.map((row) => row.branch))) {
      const chosen = variablesOfBranch(rows, branch, matchesBranchGlob);
      const own = Object.fromEntries(chosen.map(({ key, value }) => [key, value]));
      const problem = referenceProblem(own, isMaybeKnown);
      if (problem === null) continue;
      const at = given.findIndex(({ key }) => key === problem.variable);
      const field = given.length === 1 ? 'value' : `variables.${Math.max(at, 0)}.value`;
      throw refused([
        { field, message: `must be one that can be resolved: ${problem.variable} ${problem.message}` },
      ]);
    }
  }

  /** Returns null for a value whose key is not configured: its references cannot be checked. */
  private open(id: string, sealedValue: string): string | null {
    try {
      return this.sealer.open(sealedValue, sealIdentity.envVar(id));
    } catch (error) {
      if (error instanceof UnsealError) return null;
      throw error;
    }
  }

  private async assertWithinLimits(accountId: string, projectId: string, added: number): Promise<void> {
    const { variables, branches, sealed } = await this.variables.totalsOf(projectId);
    const limits = await this.accounts.limitsOf(accountId);
    const excess = excessOf('variables_per_project', limits, variables - added, variables);
    if (excess !== null) throw new QuotaExceededError(excess);
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

/** Only names that begin with `NEXOS_` are certain not to come from elsewhere. */
function isMaybeKnown(name: string): boolean {
  return (
    !name.startsWith('NEXOS_') || injectedNames({ postgres: false, redis: false, s3: false }).includes(name)
  );
}

/** Rejects what depends on several fields, of which a request may leave some as they are. */
function assertBuildable(rows: readonly Pick<EnvVarEntity, 'key' | 'isSecret' | 'build'>[]): void {
  const errors = rows.flatMap(({ key, isSecret, build }, i) => {
    const problem = build === 'arg' ? argumentNameProblem(key) : null;
    const at = rows.length === 1 ? '' : `variables.${i}.`;
    if (problem !== null) return [{ field: `${at}key`, message: `${problem}, to be a build argument` }];
    if (build !== 'secret' || isSecret) return [];
    return [{ field: `${at}secret`, message: 'must not be false for a build secret' }];
  });
  if (errors.length > 0) throw refused(errors);
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
