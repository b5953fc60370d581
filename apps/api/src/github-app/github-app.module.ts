import { AppDetailsReader, ConfiguredAppModule, ManifestConversions } from '@nexos/github';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { AppManifestsService } from './app-manifests.service.js';
import { GithubAppManifestController } from './github-app-manifest.controller.js';
import { GithubAppController } from './github-app.controller.js';
import { GithubAppService } from './github-app.service.js';
import { ManifestCallbackService } from './manifest-callback.service.js';

@Module({
  imports: [ConfiguredAppModule, StateModule],
  controllers: [GithubAppController, GithubAppManifestController],
  providers: [
    AppDetailsReader,
    AppManifestsService,
    GithubAppService,
    ManifestCallbackService,
    ManifestConversions,
  ],
})
export class GithubAppModule {}
