import { BuilderConfig, GithubConfig } from '@nexos/config';
import { type DynamicModule, Module } from '@nestjs/common';
import { InstallationTokens } from './installation-tokens.js';
import { RepositoryMirror } from './repository-mirror.js';

/** GitHub as the rest of Nexos sees it: repositories that are read, and the tokens to read them with. */
@Module({})
export class GithubModule {
  static forRoot(config: { github: GithubConfig; builder: BuilderConfig }): DynamicModule {
    return {
      module: GithubModule,
      providers: [
        { provide: GithubConfig, useValue: config.github },
        { provide: BuilderConfig, useValue: config.builder },
        InstallationTokens,
        RepositoryMirror,
      ],
      exports: [InstallationTokens, RepositoryMirror],
    };
  }
}
