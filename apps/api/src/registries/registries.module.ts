import { CryptoModule } from '@nexos/crypto';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/projects.module.js';
import { RegistriesController } from './registries.controller.js';
import { RegistriesService } from './registries.service.js';

@Module({
  imports: [CryptoModule, StateModule, ProjectsModule],
  controllers: [RegistriesController],
  providers: [RegistriesService],
})
export class RegistriesModule {}
