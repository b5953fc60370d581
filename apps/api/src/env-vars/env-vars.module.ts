import { CryptoModule } from '@nexos/crypto';
import { DatabaseModule } from '@nexos/database';
import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/projects.module.js';
import { EnvVarsController } from './env-vars.controller.js';
import { EnvVarsService } from './env-vars.service.js';

@Module({
  imports: [CryptoModule, DatabaseModule, ProjectsModule],
  controllers: [EnvVarsController],
  providers: [EnvVarsService],
})
export class EnvVarsModule {}
