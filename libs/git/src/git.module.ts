import { BuilderConfig, GithubConfig } from '@nexos/config';
import { type DynamicModule, Module } from '@nestjs/common';
import { RepositoryMirror } from './repository-mirror.js';

/** Provides the mirrors of project repositories. */
@Module({})
export class GitModule {
  static forRoot(config: { github: GithubConfig; builder: BuilderConfig }): DynamicModule {
    return {
      module: GitModule,
      providers: [
        { provide: GithubConfig, useValue: config.github },
        { provide: BuilderConfig, useValue: config.builder },
        RepositoryMirror,
      ],
      exports: [RepositoryMirror],
    };
  }
}
