import { parseRepositoryName, REPOSITORY_PERMISSIONS, type RepositoryPermission } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import type { Endpoints } from '@octokit/types';
import { LRUCache } from 'lru-cache';
import { ConfiguredApp } from '../app/configured-app.js';
import type { AppCredentials } from '../github-app.js';
import { type AppClients, loadClients } from '../requests/github-requests.js';
import { GithubRequestError, githubRequestError } from '../requests/github-request.error.js';
import { unlessAborted } from '../unless-aborted.js';

/** A token is not used this many milliseconds before its expiry. */
const MARGIN = 60_000;
const MAX_TOKENS = 1_000;
/** How long the App's page is remembered, in milliseconds: it changes only when the App gets another name. */
const PAGE_MS = 3_600_000;
/** https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const API_VERSION = { 'x-github-api-version': '2022-11-28' };

/** A repository that the App is installed on. */
export interface ConnectedRepository {
  /** GitHub's id of it, which a new name does not change. */
  readonly id: string;
  readonly installationId: string;
  /** `owner/name`, as GitHub writes it. */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
}

/** A GitHub user, by the id that stays and the login that may change. */
export interface GithubIdentity {
  readonly id: string;
  readonly login: string;
}

type Route = keyof Endpoints;
type DataOf<R extends Route> = Endpoints[R]['response']['data'];

/**
 * Asks GitHub, as the App, where it is installed and what users may do there. Its tokens can read nothing but metadata:
 * no contents of any repository. One per installation is enough, and works for a repository with a new name.
 */
@Injectable()
export class GithubAccess {
  private credentials: AppCredentials | null = null;
  private clients: Promise<AppClients> | undefined;
  private readonly tokens = new LRUCache<string, string>({ max: MAX_TOKENS });
  private readonly pending = new Map<string, Promise<string | null>>();
  private page: { readonly url: string; readonly until: number } | null = null;

  constructor(private readonly configured: ConfiguredApp) {}

  /** Whether there is a GitHub App. */
  async isConfigured(): Promise<boolean> {
    return (await this.configured.find()) !== null;
  }

  /**
   * Returns the page on which the App is installed.
   *
   * @throws {GithubRequestError}
   */
  async installPage(signal: AbortSignal): Promise<string> {
    if (this.page !== null && this.page.until > Date.now()) return this.page.url;
    // https://docs.github.com/en/rest/apps/apps#get-the-authenticated-app
    const app = await this.askAsApp('GET /app', {}, signal);
    if (app === null) throw new GithubRequestError('unavailable', 'GitHub does not know the App.');
    const url = `${app.html_url.replace(/\/+$/, '')}/installations/new`;
    this.page = { url, until: Date.now() + PAGE_MS };
    return url;
  }

  /**
   * Finds a repository by a name that it has or had. Null if it does not exist, or if the App is not installed on it or
   * suspended there.
   *
   * @throws {GithubRequestError} of the kinds `limited` and `unavailable`
   */
  async findRepository(repository: string, signal: AbortSignal): Promise<ConnectedRepository | null> {
    const { owner, name: repo } = parseRepositoryName(repository);
    // https://docs.github.com/en/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app
    const installation = await this.askAsApp(
      'GET /repos/{owner}/{repo}/installation',
      { owner, repo },
      signal,
    );
    if (installation === null || typeof installation.suspended_at === 'string') return null;
    const installationId = String(installation.id);
    // https://docs.github.com/en/rest/repos/repos#get-a-repository
    const found = await this.ask('GET /repos/{owner}/{repo}', { owner, repo }, installationId, signal);
    if (found === null) return null;
    return {
      id: String(found.id),
      installationId,
      name: found.full_name,
      isPrivate: found.private,
      defaultBranch: found.default_branch,
    };
  }

  /**
   * Returns what a user may do in a repository; `none` if GitHub has another user of that login now.
   *
   * @throws {GithubRequestError} of the kinds `limited` and `unavailable`
   */
  async permissionOf(
    user: GithubIdentity,
    repository: { readonly name: string; readonly installationId: string },
    signal: AbortSignal,
  ): Promise<RepositoryPermission> {
    const { owner, name: repo } = parseRepositoryName(repository.name);
    // https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
    const answer = await this.ask(
      'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
      { owner, repo, username: user.login },
      repository.installationId,
      signal,
    );
    if (answer === null || String(answer.user?.id) !== user.id) return 'none';
    return REPOSITORY_PERMISSIONS.find((one) => one === answer.permission) ?? 'none';
  }

  /** Sends a request with the App's JWT. Null if GitHub refuses it or does not have it. */
  private async askAsApp<R extends Route>(
    route: R,
    parameters: object,
    signal?: AbortSignal,
  ): Promise<DataOf<R> | null> {
    return orNull(route, true, async () => {
      const { app } = await this.load();
      return await app.octokit.request(route as string, {
        ...parameters,
        headers: API_VERSION,
        ...(signal !== undefined && { request: { signal } }),
      });
    });
  }

  /** Sends a request with a token of an installation. Null if GitHub refuses it or does not have it. */
  private async ask<R extends Route>(
    route: R,
    parameters: object,
    installationId: string,
    signal: AbortSignal,
  ): Promise<DataOf<R> | null> {
    const token = await this.tokenOf(installationId, signal);
    if (token === null) return null;
    try {
      return await orNull(route, false, async () => {
        const { octokit } = await this.load();
        return await octokit.request(route as string, {
          ...parameters,
          headers: { ...API_VERSION, authorization: `token ${token}` },
          request: { signal },
        });
      });
    } catch (error) {
      if (error instanceof GithubRequestError && error.isTokenStale) this.tokens.delete(installationId);
      throw error;
    }
  }

  /** Concurrent callers share a request, and each waits until its own signal. Null if the installation is suspended or gone. */
  private async tokenOf(installationId: string, signal: AbortSignal): Promise<string | null> {
    const known = this.tokens.get(installationId);
    if (known !== undefined) return known;
    const pending = this.pending.get(installationId) ?? this.requestToken(installationId);
    this.pending.set(installationId, pending);
    try {
      return await unlessAborted(pending, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new GithubRequestError('unavailable', 'GitHub did not answer the request for a token in time.');
    }
  }

  /** Without the signal of a caller, since others wait for the answer too: the client has a deadline of its own. */
  private async requestToken(installationId: string): Promise<string | null> {
    try {
      // https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
      const created = await this.askAsApp('POST /app/installations/{installation_id}/access_tokens', {
        installation_id: Number(installationId),
        permissions: { metadata: 'read' },
      });
      if (created === null) return null;
      const ttl = Date.parse(created.expires_at) - Date.now() - MARGIN;
      if (ttl >= 1) this.tokens.set(installationId, created.token, { ttl: Math.floor(ttl) });
      return created.token;
    } finally {
      this.pending.delete(installationId);
    }
  }

  private async load(): Promise<AppClients> {
    const credentials = await this.configured.find();
    if (credentials !== this.credentials) {
      this.credentials = credentials;
      this.clients = undefined;
      this.page = null;
      this.tokens.clear();
    }
    this.clients ??= loadClients(credentials, GithubAccess.name);
    return this.clients;
  }
}

/** Returns the answer; null if GitHub refuses the request or does not have what it is about. */
async function orNull<R extends Route>(
  route: R,
  isForToken: boolean,
  send: () => Promise<{ data: unknown }>,
): Promise<DataOf<R> | null> {
  try {
    const { data } = await send();
    // Octokit takes a body that was cut off for text.
    if (typeof data !== 'object') throw new GithubRequestError('unavailable', 'The answer was cut off.');
    return data;
  } catch (error) {
    const failed = { repository: route, permission: 'metadata', isForToken };
    const known = githubRequestError(error, failed, Date.now());
    if (known.kind === 'missing' || known.kind === 'refused') return null;
    throw known;
  }
}
