import { ConfiguredAppModule } from '@nexos/github';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { GithubConnectionsModule } from '../github/github-connections.module.js';
import { AccountTurnsModule } from '../http/turns/account-turns.module.js';
import { ProjectConfigController } from './project-config.controller.js';
import { ProjectsController } from './projects.controller.js';
import { ProjectsService } from './projects.service.js';
import { WebhookUrls } from './webhook-urls.js';

@Module({
  imports: [
    AccountTurnsModule,
    ConfiguredAppModule,
    StateModule,
    EnvironmentsModule,
    GithubConnectionsModule,
  ],
  controllers: [ProjectsController, ProjectConfigController],
  providers: [ProjectsService, WebhookUrls],
  exports: [ProjectsService, WebhookUrls],
})
export class ProjectsModule {}
