import { UnitOfWork } from '@nexos/database';
import { missingGrants } from '@nexos/domain';
import {
  type AppCredentials,
  AppDetailsReader,
  ConfiguredApp,
  GithubUnavailableError,
  StoredApp,
  UnreadableAppError,
} from '@nexos/github';
import { AccountsRepository, recordAudit } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { ApiError } from '../http/problems/api-error.js';
import { auditedApp } from './audited-app.js';
import type { GithubAppResponse } from './github-app.response.js';

/** As plain data, which can be spread. */
type Description = Pick<GithubAppResponse, keyof GithubAppResponse>;

const NONE: Description = {
  configured: false,
  source: null,
  app_id: null,
  slug: null,
  name: null,
  html_url: null,
  missing_permissions: null,
  missing_events: null,
  problem: null,
};

/** Shows operators the GitHub App of this installation. */
@Injectable()
export class GithubAppService {
  private readonly logger = new Logger(GithubAppService.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly app: ConfiguredApp,
    private readonly details: AppDetailsReader,
    private readonly stored: StoredApp,
  ) {}

  /** @throws {ApiError} forbidden, for a non-operator */
  async describe(accountId: string): Promise<Description> {
    await this.assertOperator(accountId);
    const known = await this.describeKnown();
    if (!known.configured) return known;
    try {
      const details = await this.details.read();
      if (details === null) return NONE;
      const { permissions, events } = missingGrants(details);
      return {
        ...known,
        slug: details.slug ?? known.slug,
        name: details.name,
        html_url: details.htmlUrl,
        missing_permissions: permissions,
        missing_events: events,
      };
    } catch (error) {
      if (!(error instanceof GithubUnavailableError)) throw error;
      return { ...known, problem: error.message };
    }
  }

  /**
   * Forgets the App that was created through Nexos. It stays on GitHub.
   *
   * @throws {ApiError} forbidden, for a non-operator; not-found, when none is stored
   */
  async forget(accountId: string): Promise<void> {
    await this.assertOperator(accountId);
    await this.unitOfWork.run(async (transaction) => {
      const app = await this.stored.find();
      if (app === null || !(await this.stored.delete())) {
        throw new ApiError(
          'not-found',
          'No GitHub App is stored. One of the environment variables ends when they are removed.',
        );
      }
      const before = auditedApp(app);
      await recordAudit(transaction, { action: 'github_app.delete', subject: app.appId, before });
    });
    this.app.forget();
    this.logger.log(`account ${accountId} had the stored GitHub App forgotten`);
  }

  /** Returns what is known without asking GitHub. */
  private async describeKnown(): Promise<Description> {
    const credentials = await this.find();
    const isReadable = !(credentials instanceof UnreadableAppError);
    if (isReadable && credentials?.stored === null) {
      return { ...NONE, configured: true, source: 'environment', app_id: Number(credentials.appId) };
    }
    const row = await this.stored.find();
    if (row === null) return NONE;
    const problem = isReadable
      ? null
      : 'No configured key decrypts its credentials. Add the key to ENCRYPTION_KEYS_OLD, or forget the App and create another one.';
    const { appId, slug, name, htmlUrl } = row;
    const facts = { app_id: Number(appId), slug, name, html_url: htmlUrl, problem };
    return { ...NONE, ...facts, configured: isReadable && credentials !== null, source: 'stored' };
  }

  private async find(): Promise<AppCredentials | UnreadableAppError | null> {
    try {
      return await this.app.find();
    } catch (error) {
      if (error instanceof UnreadableAppError) return error;
      throw error;
    }
  }

  private async assertOperator(accountId: string): Promise<void> {
    if (await this.accounts.isOperator(accountId)) return;
    throw new ApiError('forbidden', "Only operators can see the GitHub App. Use an operator's API key.");
  }
}
