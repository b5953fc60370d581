import { IngressConfig } from '@nexos/config';
import { type DeploymentEntity, type EnvironmentEntity } from '@nexos/database';
import { DeploymentFailure, expandVariables, isReservedVariable } from '@nexos/domain';
import { type DecryptedVariables, ProjectVariables, ServicePasswords } from '@nexos/env-vars';
import { environmentUrl } from '@nexos/ingress';
import { type Container, containersOf } from '@nexos/settings';
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

  /**
   * Merges the variables of a container: those of its version yield to its own in the repository, both to the project's,
   * and all to reserved ones. Other variables of services yield to all. Then replaces references in the repository's and the project's.
   *
   * @throws {DeploymentFailure} `variables_invalid`, when a reference cannot be followed
   */
  environmentOf(
    environment: EnvironmentEntity,
    { settings, commitSha }: DeploymentEntity,
    variables: DecryptedVariables,
    services: Readonly<Record<string, string>>,
    container: Pick<Container, 'env' | 'port'> = containersOf(settings)[0],
  ): Record<string, string> {
    const given = { ...settings.env, ...container.env, ...variables.forBranch(environment.branch) };
    const own = Object.fromEntries(Object.entries(given).filter(([name]) => !isReservedVariable(name)));
    const injected = {
      ...services,
      NEXOS_ENVIRONMENT: environment.id,
      NEXOS_BRANCH: environment.branch,
      NEXOS_COMMIT: commitSha ?? '',
      NEXOS_URL: environmentUrl(this.ingress, environment.hostname),
      PORT: String(container.port ?? settings.port),
    };
    return { ...injected, ...expandVariables(own, injected) };
  }
}
