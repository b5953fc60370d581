import { randomBytes } from 'node:crypto';
import { Sealer, sealIdentity } from '@nexos/crypto';
import { UnitOfWork } from '@nexos/database';
import { EnvironmentServicesRepository, ProjectServicesRepository } from '@nexos/state';
import { DeploymentFailure, type ServiceKind } from '@nexos/domain';
import { Injectable } from '@nestjs/common';

const PASSWORD_BYTES = 24;

/** How an environment gets into a service that it shares with others, and how we do. All of it is secret but the names. */
export interface ServiceCredentials {
  readonly kind: ServiceKind;
  /** The environment's id: the name of its database, its user and its bucket. */
  readonly name: string;
  /** No other environment of the project has it. */
  readonly number: number;
  /** Letters, digits, `-` and `_`: it may stand in a URL as it is. */
  readonly password: string;
  /** Of the service's administrator. */
  readonly adminPassword: string;
  /** The service knows of the environment. */
  readonly isProvisioned: boolean;
}

/** Makes the passwords of services for environments, and keeps them sealed. */
@Injectable()
export class ServicePasswords {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly services: ProjectServicesRepository,
    private readonly parts: EnvironmentServicesRepository,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Makes what an environment does not have yet, before any service is told of it.
   *
   * @throws {DeploymentFailure} `service_not_ready`, when the project's service has no place for another environment
   */
  async reserve(
    environment: { id: string; projectId: string },
    kinds: readonly ServiceKind[],
  ): Promise<void> {
    if (kinds.length === 0) return;
    const { id: environmentId, projectId } = environment;
    await this.unitOfWork.run(async () => {
      for (const kind of kinds) {
        const ofProject = sealIdentity.projectService(projectId, kind);
        await this.services.insertIfMissing({ projectId, kind }, this.newPassword(ofProject));
        const ofEnvironment = sealIdentity.environmentService(environmentId, kind);
        const part = { projectId, environmentId, kind };
        if (!(await this.parts.insertIfMissing(part, this.newPassword(ofEnvironment)))) {
          throw new DeploymentFailure(
            'service_not_ready',
            `No more environments of the project can have ${kind}. Destroy one that is not needed, and deploy again.`,
          );
        }
      }
    });
  }

  /**
   * Those of an environment, of every service that it has ever had a part in.
   *
   * @throws {SealBrokenError} when one was sealed with a key that is not known here
   */
  async open(environment: { id: string; projectId: string }): Promise<ServiceCredentials[]> {
    const services = await this.services.ofProject(environment.projectId);
    const parts = await this.parts.ofEnvironment(environment.id);
    return parts.flatMap((part) => {
      const service = services.find(({ kind }) => kind === part.kind);
      if (service === undefined) return [];
      const { environmentId: name, kind, number } = part;
      return {
        kind,
        name,
        number,
        password: this.sealer.open(part.sealedPassword, sealIdentity.environmentService(name, kind)),
        adminPassword: this.sealer.open(
          service.sealedPassword,
          sealIdentity.projectService(service.projectId, kind),
        ),
        isProvisioned: part.provisionedAt !== null,
      };
    });
  }

  /**
   * Every password of a project's services: what none of its logs may show.
   *
   * @throws {SealBrokenError} when one was sealed with a key that is not known here
   */
  async secretsOf(projectId: string): Promise<string[]> {
    const services = await this.services.ofProject(projectId);
    const parts = services.length === 0 ? [] : await this.parts.ofProject(projectId);
    return [
      ...services.map(({ kind, sealedPassword }) =>
        this.sealer.open(sealedPassword, sealIdentity.projectService(projectId, kind)),
      ),
      ...parts.map(({ environmentId, kind, sealedPassword }) =>
        this.sealer.open(sealedPassword, sealIdentity.environmentService(environmentId, kind)),
      ),
    ];
  }

  private newPassword(belongsTo: string): string {
    return this.sealer.seal(randomBytes(PASSWORD_BYTES).toString('base64url'), belongsTo);
  }
}
