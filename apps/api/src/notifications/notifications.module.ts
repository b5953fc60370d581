import { CryptoModule } from '@nexos/crypto';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { AccountTurnsModule } from '../http/turns/account-turns.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { OutgoingWebhooksController } from './outgoing-webhooks.controller.js';
import { OutgoingWebhooksService } from './outgoing-webhooks.service.js';
import { ProjectWebhooksController } from './project-webhooks.controller.js';

@Module({
  imports: [AccountTurnsModule, CryptoModule, StateModule, ProjectsModule],
  controllers: [OutgoingWebhooksController, ProjectWebhooksController],
  providers: [OutgoingWebhooksService],
})
export class NotificationsModule {}
