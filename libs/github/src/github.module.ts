import { GithubConfig } from '@nexos/config';
import { type DynamicModule, Module } from '@nestjs/common';
import { InstallationTokens } from './installation-tokens.js';

/** Provides the tokens for reading repositories. */
@Module({})
export class GithubModule {
  static forRoot(config: { github: GithubConfig }): DynamicModule {
    return {
      module: GithubModule,
      providers: [{ provide: GithubConfig, useValue: config.github }, InstallationTokens],
      exports: [InstallationTokens],
    };
  }
}
