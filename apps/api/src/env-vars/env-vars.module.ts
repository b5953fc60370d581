import { CryptoModule } from '@nexos/crypto';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/projects.module.js';
import { EnvVarsController } from './env-vars.controller.js';
import { EnvVarsService } from './env-vars.service.js';

@Module({
  imports: [CryptoModule, StateModule, ProjectsModule],
  controllers: [EnvVarsController],
  providers: [EnvVarsService],
})
export class EnvVarsModule {}
