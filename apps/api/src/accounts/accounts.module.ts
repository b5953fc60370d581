import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.controller.js';
import { AccountsService } from './accounts.service.js';

@Module({ imports: [StateModule], controllers: [AccountsController], providers: [AccountsService] })
export class AccountsModule {}
