import { EngineConfig } from '@nexos/config';
import { Sealer, sealIdentity, UnsealError } from '@nexos/crypto';
import { DeploymentFailure, type RegistryLogin } from '@nexos/domain';
import { RegistriesRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** Reads the credentials with which builds pull images. */
@Injectable()
export class RegistryLogins {
  private readonly logger = new Logger(RegistryLogins.name);

  constructor(
    private readonly rows: RegistriesRepository,
    private readonly sealer: Sealer,
    private readonly config: EngineConfig,
  ) {}

  /**
   * Returns the credentials by registry: the project's, and the operator's for registries that the project has none for.
   *
   * @throws {DeploymentFailure} `secrets_unreadable`, when a password was sealed with a key that is not configured
   */
  async open(projectId: string): Promise<ReadonlyMap<string, RegistryLogin>> {
    const rows = await this.rows.ofProject(projectId);
    const own = rows.map(({ id, host, user, sealedPassword }) => {
      const login = { host, user, password: this.passwordOf(id, host, sealedPassword) };
      return [host, login] as const;
    });
    return new Map([...this.config.registryLogins(), ...own]);
  }

  private passwordOf(id: string, host: string, sealed: string): string {
    try {
      return this.sealer.open(sealed, sealIdentity.registry(id));
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      this.logger.error(`could not decrypt ${id}: ${error.message}`);
      throw new DeploymentFailure(
        'secrets_unreadable',
        `The password for the registry ${host} cannot be decrypted. Set it again, or tell the operator that an encryption key is missing, then deploy again.`,
        { cause: error },
      );
    }
  }
}
