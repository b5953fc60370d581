import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { QuotaController } from './quota.controller.js';

@Module({ imports: [StateModule], controllers: [QuotaController] })
export class QuotaModule {}
