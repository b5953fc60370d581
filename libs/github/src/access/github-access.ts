import { parseRepositoryName, REPOSITORY_PERMISSIONS, type RepositoryPermission } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import type { Endpoints } from '@octokit/types';
import { LRUCache } from 'lru-cache';
import { ConfiguredApp } from '../app/configured-app.js';
import type { AppCredentials } from '../github-app.js';
import { type AppClients, loadClients } from '../requests/github-requests.js';
import {
  GithubRequestError,
  githubRequestError,
  type GithubRequestFailure,
} from '../requests/github-request.error.js';
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

/** A repository, and the installation that gives access to it. */
export interface InstalledRepositoryName {
  /** `owner/name` */
  readonly name: string;
  readonly installationId: string;
}

/** What GitHub answers to somebody who may not know whether something exists. */
const GONE: readonly GithubRequestFailure[] = ['missing', 'refused'];

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
  private readonly pending = new Map<string, Promise<string>>();
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
    const app = await orNull(GONE, () => this.sendAsApp('GET /app', {}, 'the App', signal));
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
    const installation = await orNull(GONE, () =>
      this.sendAsApp('GET /repos/{owner}/{repo}/installation', { owner, repo }, repository, signal),
    );
    if (installation === null || typeof installation.suspended_at === 'string') return null;
    const installationId = String(installation.id);
    // https://docs.github.com/en/rest/repos/repos#get-a-repository
    const on = { name: repository, installationId };
    const found = await orNull(GONE, () =>
      this.send('GET /repos/{owner}/{repo}', { owner, repo }, on, signal),
    );
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
   * Returns what a user may do in a repository; `none` if GitHub has another user of that login now, or refuses to say.
   *
   * @throws {GithubRequestError} of the kinds `limited` and `unavailable`
   */
  async permissionOf(
    user: GithubIdentity,
    repository: InstalledRepositoryName,
    signal: AbortSignal,
  ): Promise<RepositoryPermission> {
    return (await orNull(GONE, () => this.readPermission(user, repository, signal))) ?? 'none';
  }

  /**
   * Returns whether a user may write to a repository, by the same answer. A refusal is no answer here, since it may pass.
   *
   * @throws {GithubRequestError} of the kinds `limited`, `unavailable` and `refused`
   */
  async mayWrite(
    user: GithubIdentity,
    repository: InstalledRepositoryName,
    signal: AbortSignal,
  ): Promise<boolean> {
    const permission = await orNull(['missing'], () => this.readPermission(user, repository, signal));
    return permission === 'write' || permission === 'admin';
  }

  private async readPermission(
    user: GithubIdentity,
    repository: InstalledRepositoryName,
    signal: AbortSignal,
  ): Promise<RepositoryPermission> {
    const { owner, name: repo } = parseRepositoryName(repository.name);
    // https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
    const answer = await this.send(
      'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
      { owner, repo, username: user.login },
      repository,
      signal,
    );
    if (String(answer.user?.id) !== user.id) return 'none';
    return REPOSITORY_PERMISSIONS.find((one) => one === answer.permission) ?? 'none';
  }

  /** Sends a request with the App's JWT. @param about what an error names */
  private async sendAsApp<R extends Route>(
    route: R,
    parameters: object,
    about: string,
    signal?: AbortSignal,
  ): Promise<DataOf<R>> {
    return answerOf(about, true, async () => {
      const { app } = await this.load();
      return await app.octokit.request(route as string, {
        ...parameters,
        headers: API_VERSION,
        ...(signal !== undefined && { request: { signal } }),
      });
    });
  }

  /** Sends a request with a token of an installation. */
  private async send<R extends Route>(
    route: R,
    parameters: object,
    { name, installationId }: InstalledRepositoryName,
    signal: AbortSignal,
  ): Promise<DataOf<R>> {
    const token = await this.tokenOf(installationId, signal);
    try {
      return await answerOf(name, false, async () => {
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

  /** Concurrent callers share a request, and each waits until its own signal. */
  private async tokenOf(installationId: string, signal: AbortSignal): Promise<string> {
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
  private async requestToken(installationId: string): Promise<string> {
    try {
      // https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
      const created = await this.sendAsApp(
        'POST /app/installations/{installation_id}/access_tokens',
        { installation_id: Number(installationId), permissions: { metadata: 'read' } },
        `installation ${installationId}`,
      );
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

/** @throws {GithubRequestError} */
async function answerOf<R extends Route>(
  repository: string,
  isForToken: boolean,
  send: () => Promise<{ data: unknown }>,
): Promise<DataOf<R>> {
  try {
    const { data } = await send();
    // Octokit takes a body that was cut off for text.
    if (typeof data !== 'object') throw new GithubRequestError('unavailable', 'The answer was cut off.');
    return data;
  } catch (error) {
    throw githubRequestError(error, { repository, permission: 'metadata', isForToken }, Date.now());
  }
}

/** Returns the answer; null if the request failed in one of these ways. */
async function orNull<Answer>(
  failures: readonly GithubRequestFailure[],
  ask: () => Promise<Answer>,
): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof GithubRequestError && failures.includes(error.kind)) return null;
    throw error;
  }
}
