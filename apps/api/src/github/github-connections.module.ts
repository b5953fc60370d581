import { CryptoModule } from '@nexos/crypto';
import { ConfiguredAppModule, GithubAccess } from '@nexos/github';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { Cookies } from '../auth/cookies.js';
import { IdempotencyModule } from '../http/idempotency/idempotency.module.js';
import { ConnectableRepositories } from './connectable-repositories.js';
import { GithubAvailability } from './github-availability.js';
import { GithubInstallController } from './github-install.controller.js';
import { GithubInstallationsController } from './github-installations.controller.js';
import { GithubRepositoriesController } from './github-repositories.controller.js';
import { InstallStates } from './install-states.js';
import { OpenRepositoriesWarning } from './open-repositories-warning.js';
import { RepositoryCheck } from './repository-check.js';
import { RepositoryCursors } from './repository-cursors.js';

/** Where the GitHub App is installed, and which repositories accounts may use. */
@Module({
  imports: [ConfiguredAppModule, CryptoModule, StateModule, IdempotencyModule],
  controllers: [GithubInstallationsController, GithubRepositoriesController, GithubInstallController],
  providers: [
    ConnectableRepositories,
    Cookies,
    GithubAccess,
    GithubAvailability,
    InstallStates,
    OpenRepositoriesWarning,
    RepositoryCheck,
    RepositoryCursors,
  ],
  exports: [RepositoryCheck],
})
export class GithubConnectionsModule {}
