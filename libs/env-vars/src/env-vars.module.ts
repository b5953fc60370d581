import { CryptoModule } from '@nexos/crypto';
import { DatabaseModule } from '@nexos/database';
import { Module } from '@nestjs/common';
import { ProjectVariables } from './project-variables.js';
import { ServiceKeys } from './service-keys.js';

@Module({
  imports: [CryptoModule, DatabaseModule],
  providers: [ProjectVariables, ServiceKeys],
  exports: [ProjectVariables, ServiceKeys],
})
export class EnvVarsModule {}
