import { ConfiguredApp } from '@nexos/github';
import { AccountsRepository } from '@nexos/state';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { RepositoryCheck } from './repository-check.js';

/** Warns at start-up if several accounts may deploy each other's repositories. */
@Injectable()
export class OpenRepositoriesWarning implements OnApplicationBootstrap {
  private readonly logger = new Logger(OpenRepositoriesWarning.name);

  constructor(
    private readonly check: RepositoryCheck,
    private readonly app: ConfiguredApp,
    private readonly accounts: AccountsRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if ((await this.check.isRequired()) || !(await this.accounts.areSeveral())) return;
    // An App whose credentials are unreadable counts too: the API has to start, so that an operator can forget it.
    const remedy = (await this.app.exists())
      ? 'Set REPOSITORIES=connected'
      : 'Configure a GitHub App, which makes REPOSITORIES=connected the default';
    this.logger.warn(
      `There are several accounts, and each may deploy every repository that Nexos can read. ${remedy}.`,
    );
  }
}
