import { CryptoModule } from '@nexos/crypto';
import { DatabaseModule } from '@nexos/database';
import { Module } from '@nestjs/common';
import { EnvVarsController } from './env-vars.controller.js';
import { EnvVarsService } from './env-vars.service.js';

@Module({
  imports: [CryptoModule, DatabaseModule],
  controllers: [EnvVarsController],
  providers: [EnvVarsService],
})
export class EnvVarsModule {}
