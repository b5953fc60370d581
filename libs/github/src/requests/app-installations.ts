import { Injectable } from '@nestjs/common';
import type { Endpoints } from '@octokit/types';
import { ConfiguredApp } from '../app/configured-app.js';
import type { AppCredentials } from '../github-app.js';
import type { InstallationOwner } from '../installation-event.js';
import { GithubRequestError, githubRequestError } from './github-request.error.js';
import { type AppClients, loadClients } from './github-requests.js';

/** https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const API_VERSION = { 'x-github-api-version': '2022-11-28' };
const PAGE_SIZE = 100;
/** More than GitHub lets an App have, or an owner. */
const MAX_PAGES = 1_000;

type Listed =
  | Endpoints['GET /app/installations']['response']['data'][number]
  | Endpoints['GET /app/installations/{installation_id}']['response']['data'];
type ListedRepository =
  Endpoints['GET /installation/repositories']['response']['data']['repositories'][number];

/** An installation of the App, as GitHub has it. */
export interface AppInstallation {
  readonly id: string;
  readonly owner: InstallationOwner;
  readonly selection: 'all' | 'selected';
  readonly status: 'active' | 'suspended';
  readonly updatedAt: Date;
}

/** A repository that an installation gives access to. */
export interface AccessibleRepository {
  readonly id: string;
  /** `owner/name` */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string | null;
  readonly updatedAt: Date | null;
}

/** Creates the signal that aborts one request, before it is sent. It may throw, which ends the listing. */
export type BeforeRequest = () => AbortSignal | Promise<AbortSignal>;

/** Asks GitHub about the App's installations and what they give access to. All methods throw `GithubRequestError`. */
@Injectable()
export class AppInstallations {
  private loaded: { readonly credentials: AppCredentials; readonly clients: Promise<AppClients> } | undefined;

  constructor(private readonly configured: ConfiguredApp) {}

  /**
   * Lists all installations, suspended ones too.
   *
   * @see https://docs.github.com/en/rest/apps/apps#list-installations-for-the-authenticated-app
   */
  async all(before: BeforeRequest): Promise<AppInstallation[]> {
    const found = new Map<string, AppInstallation>();
    for (let page = 1; page <= MAX_PAGES; page++) {
      const listed = await this.asApp('GET /app/installations', before, { per_page: PAGE_SIZE, page });
      for (const one of listed) found.set(String(one.id), installationOf(one));
      if (listed.length < PAGE_SIZE) return [...found.values()];
    }
    throw new GithubRequestError('unavailable', 'GitHub lists more installations than there can be.');
  }

  /**
   * Finds one installation; null when there is none, or none any more.
   *
   * @see https://docs.github.com/en/rest/apps/apps#get-an-installation-for-the-authenticated-app
   */
  async find(installationId: string, before: BeforeRequest): Promise<AppInstallation | null> {
    try {
      const parameters = { installation_id: Number(installationId) };
      return installationOf(await this.asApp('GET /app/installations/{installation_id}', before, parameters));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    // A single 404 may be a fault of GitHub, and much would follow from it.
    try {
      await this.token(installationId, before);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
    throw new GithubRequestError('unavailable', 'GitHub has the installation, and does not.');
  }

  /**
   * Lists the repositories that an installation gives access to, by a token that can read nothing but metadata. Fails as
   * unavailable if the list changed while it was read, so that none is missed.
   *
   * @see https://docs.github.com/en/rest/apps/installations#list-repositories-accessible-to-the-app-installation
   */
  async repositories(installationId: string, before: BeforeRequest): Promise<AccessibleRepository[]> {
    const token = await this.token(installationId, before);
    const found = new Map<string, AccessibleRepository>();
    let total: number | null = null;
    for (let page = 1; page <= MAX_PAGES; page++) {
      const { total_count: count, repositories } = await this.request(
        'GET /installation/repositories',
        before,
        { per_page: PAGE_SIZE, page },
        `token ${token}`,
      );
      if (total !== null && total !== count) throw changedMeanwhile(installationId);
      total = count;
      for (const one of repositories) found.set(String(one.id), repositoryOf(one));
      if (repositories.length < PAGE_SIZE) break;
    }
    if (found.size !== total) throw changedMeanwhile(installationId);
    return [...found.values()];
  }

  /** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
  private async token(installationId: string, before: BeforeRequest): Promise<string> {
    const created = await this.asApp('POST /app/installations/{installation_id}/access_tokens', before, {
      installation_id: Number(installationId),
      permissions: { metadata: 'read' },
    });
    return created.token;
  }

  /** Sends a request with the App's JWT, which Octokit adds. */
  private asApp<R extends keyof Endpoints>(
    route: R,
    before: BeforeRequest,
    parameters: object,
  ): Promise<Endpoints[R]['response']['data']> {
    return this.request(route, before, parameters, null);
  }

  private async request<R extends keyof Endpoints>(
    route: R,
    before: BeforeRequest,
    parameters: object,
    authorization: string | null,
  ): Promise<Endpoints[R]['response']['data']> {
    const signal = await before();
    const { app, octokit: plain } = await this.load();
    // The App's client would replace the token of an installation by one of its own.
    const octokit = authorization === null ? app.octokit : plain;
    try {
      const { data } = (await octokit.request(route as string, {
        ...parameters,
        headers: { ...API_VERSION, ...(authorization !== null && { authorization }) },
        request: { signal },
      })) as { data: unknown };
      // Octokit takes a body that was cut off for text.
      if (typeof data !== 'object') throw new GithubRequestError('unavailable', 'The answer was cut off.');
      return data;
    } catch (error) {
      const failed = { repository: route, permission: 'metadata', isForToken: false };
      throw githubRequestError(error, failed, Date.now());
    }
  }

  private async load(): Promise<AppClients> {
    const credentials = await this.configured.find();
    if (credentials === null) {
      throw new GithubRequestError('refused', 'There is no GitHub App to ask about.');
    }
    if (this.loaded?.credentials !== credentials) {
      this.loaded = { credentials, clients: loadClients(credentials, AppInstallations.name) };
    }
    return this.loaded.clients;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof GithubRequestError && error.kind === 'missing';
}

function changedMeanwhile(installationId: string): GithubRequestError {
  return new GithubRequestError(
    'unavailable',
    `The repositories of installation ${installationId} changed while they were listed.`,
  );
}

function installationOf(listed: Listed): AppInstallation {
  const { account, target_type: targetType, suspended_at: suspendedAt } = listed;
  if (account === null) throw new GithubRequestError('unavailable', 'GitHub does not say who has the App.');
  // Enterprises have a slug in place of a login.
  const { login, slug, type } = account as { login?: string; slug?: string; type?: string };
  return {
    id: String(listed.id),
    owner: { id: String(account.id), login: login ?? slug ?? '', type: type ?? targetType },
    selection: listed.repository_selection,
    status: typeof suspendedAt === 'string' ? 'suspended' : 'active',
    updatedAt: new Date(listed.updated_at),
  };
}

function repositoryOf({ id, full_name: name, ...rest }: ListedRepository): AccessibleRepository {
  const { private: isPrivate, default_branch: defaultBranch, updated_at: updatedAt } = rest;
  return {
    id: String(id),
    name,
    isPrivate,
    defaultBranch,
    updatedAt: updatedAt === null ? null : new Date(updatedAt),
  };
}
