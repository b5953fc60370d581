import { IngressConfig } from '@nexos/config';
import { type DeploymentEntity, type EnvironmentEntity } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { type DecryptedVariables, ProjectVariables, ServicePasswords } from '@nexos/env-vars';
import { environmentUrl } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';
import { ServiceRecipes } from '../services/service-recipes.js';

/** Builds the environment variables of a deployment's containers: the app, its hooks and commands. */
@Injectable()
export class ContainerVariables {
  constructor(
    private readonly variables: ProjectVariables,
    private readonly passwords: ServicePasswords,
    private readonly recipes: ServiceRecipes,
    private readonly ingress: IngressConfig,
  ) {}

  /**
   * Decrypts the project's variables. Creates the service passwords first, so that a log opened afterwards redacts them
   * too.
   *
   * @returns the failure when they cannot be decrypted
   */
  async open(
    environment: EnvironmentEntity,
    { settings }: DeploymentEntity,
  ): Promise<DecryptedVariables | DeploymentFailure> {
    try {
      await this.passwords.reserve(environment, this.recipes.wanted(settings.services));
    } catch (error) {
      if (error instanceof DeploymentFailure) return error;
      throw error;
    }
    return this.read(environment);
  }

  /** Decrypts the project's variables for a command in the live version's environment, without creating passwords. */
  async read({ projectId }: EnvironmentEntity): Promise<DecryptedVariables | DeploymentFailure> {
    try {
      return await this.variables.open(projectId);
    } catch (error) {
      if (error instanceof DeploymentFailure) return error;
      throw error;
    }
  }

  /** Merges the variables; the repository's yield to the project's, and both to the services' and Nexos' own. */
  environmentOf(
    environment: EnvironmentEntity,
    { settings, commitSha }: DeploymentEntity,
    variables: DecryptedVariables,
    services: Readonly<Record<string, string>>,
  ): Record<string, string> {
    return {
      ...settings.env,
      ...variables.forBranch(environment.branch),
      ...services,
      NEXOS_ENVIRONMENT: environment.id,
      NEXOS_BRANCH: environment.branch,
      NEXOS_COMMIT: commitSha ?? '',
      NEXOS_URL: environmentUrl(this.ingress, environment.hostname),
      PORT: String(settings.port),
    };
  }
}
