import { CryptoModule } from '@nexos/crypto';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { ProjectVariables } from './project-variables.js';
import { ServiceKeys } from './service-keys.js';

@Module({
  imports: [CryptoModule, StateModule],
  providers: [ProjectVariables, ServiceKeys],
  exports: [ProjectVariables, ServiceKeys],
})
export class ProjectVariablesModule {}
