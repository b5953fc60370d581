import { Module } from '@nestjs/common';
import { ConfiguredAppModule } from './app/configured-app.module.js';
import { InstallationTokens } from './installation-tokens.js';

/** Provides the GitHub App, and tokens for reading repositories. */
@Module({
  imports: [ConfiguredAppModule],
  providers: [InstallationTokens],
  exports: [ConfiguredAppModule, InstallationTokens],
})
export class GithubModule {}
