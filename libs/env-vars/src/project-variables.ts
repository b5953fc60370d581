import { UnsealError, Sealer, sealIdentity } from '@nexos/crypto';
import { type EnvVarEntity } from '@nexos/database';
import { EnvVarsRepository } from '@nexos/state';
import {
  type BuildUse,
  DeploymentFailure,
  hasReferences,
  isForkBranch,
  isPublicVariable,
  matchesBranchGlob,
  variablesOfBranch,
} from '@nexos/domain';
import { Injectable, Logger } from '@nestjs/common';
import { ServicePasswords } from './service-passwords.js';

/** A decrypted variable. */
interface DecryptedVariable {
  readonly key: string;
  readonly branch: string;
  readonly value: string;
  /** Whether logs must not show the value. */
  readonly isSecret: boolean;
  readonly build?: BuildUse | null;
}

/** The decrypted environment variables of a project, which go into containers and nowhere else. */
export class DecryptedVariables {
  constructor(
    private readonly rows: readonly DecryptedVariable[],
    private readonly passwords: readonly string[] = [],
  ) {}

  /** Returns the variables of an app on that branch. */
  forBranch(branch: string): Record<string, string> {
    return Object.fromEntries(this.chosenFor(branch).map(({ key, value }) => [key, value]));
  }

  /** Returns the names of the variables that builds of that branch get, by their use. */
  namesForBuilds(branch: string): Record<BuildUse, string[]> {
    const chosen = this.chosenFor(branch);
    const names = (use: BuildUse) => chosen.filter(({ build }) => build === use).map(({ key }) => key);
    return { secret: names('secret'), arg: names('arg') };
  }

  /** Returns the values of a name on all branches, before references are replaced. */
  valuesOf(name: string): Pick<DecryptedVariable, 'value' | 'isSecret'>[] {
    return this.rows.filter(({ key }) => key === name);
  }

  /**
   * Returns what logs of an app on that branch must not show once references in its variables are replaced. What Nexos
   * sets itself, such as the branch, stays visible.
   *
   * @param env all variables of the app
   */
  expandedSecrets(branch: string, env: Readonly<Record<string, string>>): string[] {
    const isSecret = (name: string) => this.valuesOf(name).some((row) => row.isSecret);
    const visible = Object.keys(env).filter((name) => isPublicVariable(name) && !isSecret(name));
    const public_ = new Set(visible.map((name) => env[name]));
    const expanded = this.chosenFor(branch).filter((row) => row.isSecret && hasReferences(row.value));
    return expanded.map(({ key }) => env[key] ?? '').filter((value) => !public_.has(value));
  }

  /**
   * Everything that logs must not show, of all branches, because they run side by side and may know each other's values.
   * Includes the passwords of the project's services.
   */
  get secrets(): string[] {
    const secret = this.rows.filter(({ isSecret }) => isSecret);
    return [...secret.map(({ value }) => value), ...this.passwords];
  }

  private chosenFor(branch: string): DecryptedVariable[] {
    // A stranger's code gets none, whatever globs match.
    if (isForkBranch(branch)) return [];
    return variablesOfBranch(this.rows, branch, matchesBranchGlob);
  }
}

/** Reads the variables that users have set for their apps. */
@Injectable()
export class ProjectVariables {
  private readonly logger = new Logger(ProjectVariables.name);

  constructor(
    private readonly rows: EnvVarsRepository,
    private readonly sealer: Sealer,
    private readonly passwords: ServicePasswords,
  ) {}

  /** @throws {DeploymentFailure} `secrets_unreadable`, when a value was sealed with a key that is not configured */
  async open(projectId: string): Promise<DecryptedVariables> {
    const rows = await this.rows.ofProject(projectId);
    return new DecryptedVariables(
      rows.map((row) => ({
        key: row.key,
        branch: row.branch,
        value: this.valueOf(row),
        isSecret: row.isSecret,
        build: row.build,
      })),
      await this.passwordsOf(projectId),
    );
  }

  private async passwordsOf(projectId: string): Promise<string[]> {
    try {
      return await this.passwords.secretsOf(projectId);
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      this.logger.error(`could not decrypt the service passwords of ${projectId}: ${error.message}`);
      throw new DeploymentFailure(
        'secrets_unreadable',
        "The passwords of the project's services cannot be decrypted. Tell the operator that an encryption key is missing, then deploy again.",
        { cause: error },
      );
    }
  }

  private valueOf({ id, key, sealedValue }: EnvVarEntity): string {
    try {
      return this.sealer.open(sealedValue, sealIdentity.envVar(id));
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      this.logger.error(`could not decrypt ${id}: ${error.message}`);
      throw new DeploymentFailure(
        'secrets_unreadable',
        `The environment variable ${key} cannot be decrypted. Set it again, or tell the operator that an encryption key is missing, then deploy again.`,
        { cause: error },
      );
    }
  }
}
