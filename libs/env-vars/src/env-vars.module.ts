import { CryptoModule } from '@nexos/crypto';
import { DatabaseModule } from '@nexos/database';
import { Module } from '@nestjs/common';
import { ProjectVariables } from './project-variables.js';

@Module({
  imports: [CryptoModule, DatabaseModule],
  providers: [ProjectVariables],
  exports: [ProjectVariables],
})
export class EnvVarsModule {}
