import { CryptoModule } from '@nexos/crypto';
import { ConfiguredAppModule } from '@nexos/github';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/projects.module.js';
import { GithubWebhooksService } from './github-webhooks.service.js';
import { ProjectWebhookSecretController } from './project-webhook-secret.controller.js';
import { ProjectWebhookSecretsService } from './project-webhook-secrets.service.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({
  imports: [ConfiguredAppModule, CryptoModule, StateModule, ProjectsModule],
  controllers: [WebhooksController, ProjectWebhookSecretController],
  providers: [GithubWebhooksService, ProjectWebhookSecretsService],
})
export class WebhooksModule {}
