import { CryptoModule } from '@nexos/crypto';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { ProjectVariables } from './project-variables.js';
import { ServicePasswords } from './service-passwords.js';

@Module({
  imports: [CryptoModule, StateModule],
  providers: [ProjectVariables, ServicePasswords],
  exports: [ProjectVariables, ServicePasswords],
})
export class ProjectVariablesModule {}
