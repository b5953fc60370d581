import { DatabaseModule } from '@nexos/database';
import { Module } from '@nestjs/common';
import { QuotaController } from './quota.controller.js';

@Module({ imports: [DatabaseModule], controllers: [QuotaController] })
export class QuotaModule {}
