import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { AuditExport } from './audit-export.js';
import { AuditController } from './audit.controller.js';
import { AuditService } from './audit.service.js';

@Module({
  imports: [StateModule, AuthModule],
  controllers: [AuditController],
  providers: [AuditExport, AuditService],
})
export class AuditModule {}
