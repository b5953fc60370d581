import { CryptoModule } from '@nexos/crypto';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { ConfiguredApp } from './configured-app.js';
import { StoredApp } from './stored-app.js';

/** Provides the credentials of the GitHub App, once per process. */
@Module({
  imports: [StateModule, CryptoModule],
  providers: [ConfiguredApp, StoredApp],
  exports: [ConfiguredApp, StoredApp],
})
export class ConfiguredAppModule {}
