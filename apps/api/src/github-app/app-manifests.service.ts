import { createHash, randomBytes } from 'node:crypto';
import { GithubConfig, SignInConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { type AppManifest, appManifest, defaultAppName, isReachableByGithub } from '@nexos/domain';
import { ConfiguredApp } from '@nexos/github';
import { AccountsRepository, AppManifestsRepository, recordAudit } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../http/problems/api-error.js';
import type { AppManifestResponse } from './app-manifest.response.js';
import { appExists, unknownState } from './app-manifest.errors.js';
import type { CreateAppManifestDto } from './dto/create-app-manifest.dto.js';

/** How long an operator has to create the App; GitHub's codes are valid for as long. */
const LIFETIME_MS = 60 * 60 * 1_000;

/** A page that sends a manifest to GitHub. */
export interface ManifestForm {
  /** Where the form is sent. */
  readonly action: string;
  readonly manifest: AppManifest;
}

/** Starts the creation of the GitHub App from a manifest. */
@Injectable()
export class AppManifestsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly manifests: AppManifestsRepository,
    private readonly app: ConfiguredApp,
    private readonly github: GithubConfig,
    private readonly signIn: SignInConfig,
  ) {}

  /** @throws {ApiError} forbidden, for a non-operator; conflict, when there is an App */
  async create(
    accountId: string,
    { organization, name }: CreateAppManifestDto,
  ): Promise<AppManifestResponse> {
    if (!(await this.accounts.isOperator(accountId))) {
      throw new ApiError('forbidden', "Only operators can create the GitHub App. Use an operator's API key.");
    }
    if (await this.app.exists()) throw appExists(this.app);
    const state = randomBytes(32).toString('base64url');
    const wanted = { name: name ?? defaultAppName(this.origin), organization: organization ?? null };
    const expiresAt = await this.unitOfWork.run(async (transaction) => {
      await recordAudit(transaction, { action: 'github_app.request', subject: null, after: wanted });
      return this.manifests.insert({ stateHash: hashOf(state), accountId, ...wanted }, LIFETIME_MS);
    });
    return {
      url: `${this.origin}/api/github/app-manifest?state=${state}`,
      expires_at: expiresAt.toISOString(),
      warnings: this.warnings,
    };
  }

  /** @throws {ApiError} validation, for an unknown state; conflict, when its App is stored */
  async form(state: string): Promise<ManifestForm> {
    const open = await this.manifests.find(hashOf(state));
    if (open === null) throw unknownState();
    if (open.finishedAt !== null) {
      throw new ApiError(
        'conflict',
        'The App of this request has been created. GET /api/github/app shows it.',
      );
    }
    const { dashboardUrl } = this.signIn;
    return {
      action: `${appSettingsUrl(this.github, open.organization)}/new?state=${state}`,
      manifest: appManifest(open.name, { api: this.origin, homepage: dashboardUrl ?? this.origin }),
    };
  }

  /** What will not work with this installation's address. */
  get warnings(): string[] {
    if (isReachableByGithub(this.origin)) return [];
    return [
      `GitHub cannot reach ${this.origin}, so the App gets no webhook: pushes are found by the hourly check of branches only. To get webhooks, set PUBLIC_API_URL to an address that GitHub can reach, and create the App with it.`,
    ];
  }

  private get origin(): string {
    return new URL(this.signIn.publicApiUrl).origin;
  }
}

/** Returns the page of GitHub that lists the Apps of the user or an organization. */
export function appSettingsUrl({ url }: GithubConfig, organization: string | null): string {
  const owner = organization === null ? '' : `/organizations/${organization}`;
  return `${url.replace(/\/+$/, '')}${owner}/settings/apps`;
}

/** Returns what is stored of a state or a code. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
