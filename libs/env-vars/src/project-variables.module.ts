import { CryptoModule } from '@nexos/crypto';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { ProjectVariables } from './project-variables.js';
import { RegistryLogins } from './registry-logins.js';
import { ServicePasswords } from './service-passwords.js';

@Module({
  imports: [CryptoModule, StateModule],
  providers: [ProjectVariables, RegistryLogins, ServicePasswords],
  exports: [ProjectVariables, RegistryLogins, ServicePasswords],
})
export class ProjectVariablesModule {}
