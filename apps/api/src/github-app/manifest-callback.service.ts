import { GithubConfig } from '@nexos/config';
import { type GithubAppEntity, UnitOfWork } from '@nexos/database';
import { GITHUB_ACTOR } from '@nexos/domain';
import {
  ConfiguredApp,
  type CreatedApp,
  GithubUnavailableError,
  ManifestAnswerLostError,
  ManifestCodeError,
  ManifestConversions,
  StoredApp,
} from '@nexos/github';
import { AppManifestsRepository, recordAudit } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { ApiError } from '../http/problems/api-error.js';
import {
  appExists,
  codeIsBusy,
  codeIsUsed,
  credentialsLost,
  githubIsDown,
  overtaken,
  replayedState,
  unknownState,
} from './app-manifest.errors.js';
import { auditedApp } from './audited-app.js';
import { appSettingsUrl, hashOf } from './app-manifests.service.js';

/** Longer than a request to GitHub. After that, another request may exchange the code. */
const CLAIM_MS = 20_000;

/** Stores the App that GitHub created from a manifest. */
@Injectable()
export class ManifestCallbackService {
  private readonly logger = new Logger(ManifestCallbackService.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly manifests: AppManifestsRepository,
    private readonly conversions: ManifestConversions,
    private readonly stored: StoredApp,
    private readonly app: ConfiguredApp,
    private readonly github: GithubConfig,
  ) {}

  /**
   * Returns the stored App. Safe to repeat: the same code returns the same App.
   *
   * @throws {ApiError} validation, for an unknown state; conflict; service-unavailable, while GitHub is down
   */
  async finish(state: string, code: string): Promise<Pick<GithubAppEntity, 'name' | 'htmlUrl'>> {
    const stateHash = hashOf(state);
    const open = await this.manifests.find(stateHash);
    if (open === null) throw unknownState();
    switch (await this.manifests.claim(stateHash, hashOf(code), CLAIM_MS)) {
      case 'unknown':
        throw unknownState();
      case 'replayed':
        throw replayedState();
      case 'busy':
        throw codeIsBusy();
      case 'claimed':
        await this.connect(stateHash, code, open);
    }
    const app = await this.stored.find();
    if (app === null) throw new ApiError('conflict', 'The App of this link was stored, and forgotten since.');
    return app;
  }

  private async connect(
    stateHash: string,
    code: string,
    { accountId, organization }: { accountId: string; organization: string | null },
  ): Promise<void> {
    const settings = appSettingsUrl(this.github, organization);
    let created: CreatedApp;
    try {
      // Before the code is used, so that it still works once the other App is forgotten.
      if (await this.app.exists()) throw appExists(this.app);
      created = await this.conversions.convert(code);
    } catch (error) {
      await this.manifests.release(stateHash);
      throw this.problemOf(error, settings);
    }
    await this.store(stateHash, created, accountId).catch(async (error: unknown) => {
      this.logger.error(`the GitHub App ${created.slug} may not be stored: ${(error as Error).message}`);
      await this.assertStored(created, settings);
    });
    this.app.forget();
    this.logger.log(`account ${accountId} connected the GitHub App ${created.slug} (${created.id})`);
  }

  private store(stateHash: string, created: CreatedApp, accountId: string): Promise<void> {
    return this.unitOfWork.run(async (transaction) => {
      if (!(await this.stored.insert(created, accountId))) throw new Error('another App is stored');
      await this.manifests.finish(stateHash);
      await recordAudit(transaction, {
        action: 'github_app.create',
        subject: String(created.id),
        accountId,
        actor: GITHUB_ACTOR,
        after: auditedApp(created),
      });
    });
  }

  /** Looks at what is stored, since a connection may drop after Postgres has committed. */
  private async assertStored({ id }: CreatedApp, settings: string): Promise<void> {
    const app = await this.stored.find();
    if (app === null) throw credentialsLost(settings);
    if (app.appId !== String(id)) throw overtaken(settings);
  }

  private problemOf(error: unknown, settings: string): unknown {
    if (error instanceof ManifestCodeError) return codeIsUsed(settings);
    if (error instanceof ManifestAnswerLostError) return credentialsLost(settings);
    if (!(error instanceof GithubUnavailableError)) return error;
    this.logger.warn(`the code of a GitHub App was not exchanged: ${error.message}`);
    return githubIsDown();
  }
}
