import { ConfiguredAppModule } from '@nexos/github';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/projects.module.js';
import { GithubReportsController } from './github-reports.controller.js';

@Module({
  imports: [ConfiguredAppModule, StateModule, ProjectsModule],
  controllers: [GithubReportsController],
})
export class GithubReportsModule {}
