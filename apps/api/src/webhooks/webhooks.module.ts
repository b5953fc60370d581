import { DatabaseModule } from '@nexos/database';
import { Module } from '@nestjs/common';
import { GithubWebhooksService } from './github-webhooks.service.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({ imports: [DatabaseModule], controllers: [WebhooksController], providers: [GithubWebhooksService] })
export class WebhooksModule {}
