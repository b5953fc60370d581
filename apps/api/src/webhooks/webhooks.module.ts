import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { GithubWebhooksService } from './github-webhooks.service.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({
  imports: [StateModule],
  controllers: [WebhooksController],
  providers: [GithubWebhooksService],
})
export class WebhooksModule {}
