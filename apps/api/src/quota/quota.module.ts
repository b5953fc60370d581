import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { QuotaUsageController } from './quota-usage.controller.js';
import { QuotaController } from './quota.controller.js';

@Module({ imports: [StateModule], controllers: [QuotaController, QuotaUsageController] })
export class QuotaModule {}
