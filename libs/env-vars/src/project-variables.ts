import { UnsealError, Sealer, sealIdentity } from '@nexos/crypto';
import { type EnvVarEntity } from '@nexos/database';
import { EnvVarsRepository } from '@nexos/state';
import { DeploymentFailure, matchesBranchGlob, variablesOfBranch } from '@nexos/domain';
import { Injectable, Logger } from '@nestjs/common';
import { ServicePasswords } from './service-passwords.js';

/** The decrypted environment variables of a project: secrets, which go into containers and nowhere else. */
export class DecryptedVariables {
  constructor(
    private readonly rows: readonly { key: string; branch: string; value: string }[],
    private readonly passwords: readonly string[] = [],
  ) {}

  /** Returns the variables of an app on that branch. */
  forBranch(branch: string): Record<string, string> {
    const chosen = variablesOfBranch(this.rows, branch, matchesBranchGlob);
    return Object.fromEntries(chosen.map(({ key, value }) => [key, value]));
  }

  /**
   * Everything that logs must not show, of all branches, because they run side by side and may know each other's values.
   * Includes the passwords of the project's services.
   */
  get secrets(): string[] {
    return [...this.rows.map(({ value }) => value), ...this.passwords];
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
      rows.map((row) => ({ key: row.key, branch: row.branch, value: this.valueOf(row) })),
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
