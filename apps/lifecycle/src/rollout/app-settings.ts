import { IngressConfig } from '@nexos/config';
import { type DeploymentEntity, type EnvironmentEntity } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { type DecryptedVariables, ProjectVariables, ServiceKeys } from '@nexos/env-vars';
import { environmentUrl } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';
import { ServiceRecipes } from '../services/service-recipes.js';

/** What the containers of a deployment are told: the app itself and its hooks. */
@Injectable()
export class AppSettings {
  constructor(
    private readonly variables: ProjectVariables,
    private readonly keys: ServiceKeys,
    private readonly recipes: ServiceRecipes,
    private readonly ingress: IngressConfig,
  ) {}

  /**
   * Opens what is secret of them. Passwords of services are made before, so that a log that is opened after this shows
   * none of them.
   *
   * @returns why not, when they cannot be opened
   */
  async open(
    environment: EnvironmentEntity,
    { settings }: DeploymentEntity,
  ): Promise<DecryptedVariables | DeploymentFailure> {
    try {
      await this.keys.reserve(environment, this.recipes.wanted(settings.services));
    } catch (error) {
      if (error instanceof DeploymentFailure) return error;
      throw error;
    }
    return this.read(environment);
  }

  /** Opens what is secret of them for a command beside a version that is live: nothing is made for that. */
  async read({ projectId }: EnvironmentEntity): Promise<DecryptedVariables | DeploymentFailure> {
    try {
      return await this.variables.open(projectId);
    } catch (error) {
      if (error instanceof DeploymentFailure) return error;
      throw error;
    }
  }

  /** What the repository says, what the project says in its place, and what nobody but us may say. */
  environmentOf(
    environment: EnvironmentEntity,
    { settings, commitSha }: DeploymentEntity,
    variables: DecryptedVariables,
    services: Readonly<Record<string, string>>,
  ): Record<string, string> {
    return {
      ...settings.env,
      ...variables.of(environment.branch),
      ...services,
      NEXOS_ENVIRONMENT: environment.id,
      NEXOS_BRANCH: environment.branch,
      NEXOS_COMMIT: commitSha ?? '',
      NEXOS_URL: environmentUrl(this.ingress, environment.hostname),
      PORT: String(settings.port),
    };
  }
}
