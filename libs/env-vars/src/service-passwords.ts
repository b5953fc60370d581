import { randomBytes } from 'node:crypto';
import { Sealer, sealIdentity } from '@nexos/crypto';
import { UnitOfWork } from '@nexos/database';
import { EnvironmentServicesRepository, ProjectServicesRepository } from '@nexos/state';
import { DeploymentFailure, type ServiceKind } from '@nexos/domain';
import { Injectable } from '@nestjs/common';

const PASSWORD_BYTES = 24;

/** Credentials of an environment and of the administrator for a shared service. All except the names are secret. */
export interface ServiceCredentials {
  readonly kind: ServiceKind;
  /** The environment's id, which names its database, user and bucket. */
  readonly name: string;
  /** Unique among the environments of the project. */
  readonly number: number;
  /** Letters, digits, `-` and `_`: needs no escaping in a URL. */
  readonly password: string;
  /** The password of the service's administrator. */
  readonly adminPassword: string;
  /** The environment exists in the service. */
  readonly isProvisioned: boolean;
}

/** Generates and stores the service passwords of environments, sealed. */
@Injectable()
export class ServicePasswords {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly services: ProjectServicesRepository,
    private readonly parts: EnvironmentServicesRepository,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Generates the passwords that an environment lacks, before any service is provisioned.
   *
   * @throws {DeploymentFailure} `service_not_ready`, when the project's service has no room for another environment
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
            `The project's ${kind} server has no room for another environment. Destroy an environment that you do not need, then deploy again.`,
          );
        }
      }
    });
  }

  /**
   * Decrypts the credentials of an environment for every service that it has ever used.
   *
   * @throws {UnsealError} when one was sealed with a key that is not configured
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
   * Returns every password of a project's services, for redaction in its logs.
   *
   * @throws {UnsealError} when one was sealed with a key that is not configured
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

  private newPassword(identity: string): string {
    return this.sealer.seal(randomBytes(PASSWORD_BYTES).toString('base64url'), identity);
  }
}
