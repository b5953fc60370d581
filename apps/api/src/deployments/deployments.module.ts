import { GithubConfig } from '@nexos/config';
import { RemoteBranches } from '@nexos/git';
import { GithubModule } from '@nexos/github';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { IdempotencyModule } from '../http/idempotency/idempotency.module.js';
import { AccountTurnsModule } from '../http/turns/account-turns.module.js';
import { LogsModule } from '../logs/logs.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { DeploymentsController } from './deployments.controller.js';
import { DeploymentsService } from './deployments.service.js';
import { EnvironmentDeploymentsController } from './environment-deployments.controller.js';
import { ProjectDeploymentsController } from './project-deployments.controller.js';
import { LOOK_UP_MS, RequestedBranch } from './requested-branch.js';

@Module({
  imports: [
    AccountTurnsModule,
    StateModule,
    GithubModule,
    ProjectsModule,
    EnvironmentsModule,
    LogsModule,
    IdempotencyModule,
  ],
  controllers: [DeploymentsController, ProjectDeploymentsController, EnvironmentDeploymentsController],
  providers: [
    DeploymentsService,
    RequestedBranch,
    {
      provide: RemoteBranches,
      inject: [GithubConfig],
      useFactory: (config: GithubConfig) => new RemoteBranches(config, LOOK_UP_MS),
    },
  ],
  exports: [DeploymentsService],
})
export class DeploymentsModule {}
