import { parseRepositoryName } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import type { App } from '@octokit/app';
import type { Octokit } from '@octokit/core';
import type { Endpoints } from '@octokit/types';
import { fetchInTime } from '../fetch-in-time.js';
import { ConfiguredApp } from '../app/configured-app.js';
import { type AppCredentials, loadApp } from '../github-app.js';
import { GithubRequestError, githubRequestError } from './github-request.error.js';

/** A token is not used this many milliseconds before its expiry. */
const MARGIN = 60_000;
/** https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const API_VERSION = { 'x-github-api-version': '2022-11-28' };

/** Permissions of the App that Nexos tells GitHub with. */
type Permission = 'checks' | 'deployments' | 'pull_requests';

/** The repository that requests are about. */
export interface RepositoryAccess {
  /** `owner/name` */
  readonly repository: string;
  readonly installationId: number;
  /** Aborts the request. */
  readonly signal: AbortSignal;
}

type Route = keyof Endpoints;
type ParametersOf<R extends Route> = Omit<Endpoints[R]['parameters'], 'owner' | 'repo'>;
type DataOf<R extends Route> = Endpoints[R]['response']['data'];

/** What GitHub answers to the App itself. */
interface AppAnswer<R extends Route> {
  readonly data: DataOf<R>;
  /** The header `link`, which names the next page; empty without one. */
  readonly link: string;
}

/** Clients of GitHub's REST API. */
export interface AppClients {
  readonly app: App;
  /** Without credentials of its own. */
  readonly octokit: Octokit;
}

interface Token {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Sends requests about repositories to GitHub's REST API, each with a token for one repository and one permission. */
@Injectable()
export class GithubRequests {
  private credentials: AppCredentials | null = null;
  private clients: Promise<AppClients> | undefined;
  private readonly tokens = new Map<string, Token>();

  constructor(private readonly configured: ConfiguredApp) {}

  /** Returns the id of the configured App; null without one. */
  async appId(): Promise<number | null> {
    const credentials = await this.configured.find();
    return credentials === null ? null : Number(credentials.appId);
  }

  /**
   * Sends one request, preceded by one for a token if none is valid.
   *
   * @throws {GithubRequestError}
   */
  async send<R extends Route>(
    access: RepositoryAccess,
    permission: Permission,
    route: R,
    parameters: ParametersOf<R>,
  ): Promise<DataOf<R>> {
    const { owner, name: repo } = parseRepositoryName(access.repository);
    const failed = { repository: access.repository, permission };
    const { app, octokit } = await this.load();
    const token = await this.token(app, access, permission, repo);
    try {
      const { data } = (await octokit.request(route as string, {
        ...parameters,
        owner,
        repo,
        headers: { ...API_VERSION, authorization: `token ${token.value}` },
        request: { signal: access.signal },
      })) as { data: unknown };
      // Octokit takes a body that was cut off for text.
      if (typeof data !== 'object') throw new GithubRequestError('unavailable', 'The answer was cut off.');
      return data;
    } catch (error) {
      const known = githubRequestError(error, { ...failed, isForToken: false }, Date.now());
      if (known.isTokenStale) this.tokens.delete(tokenKey(access, permission));
      throw known;
    }
  }

  /**
   * Sends one request in the name of the App itself.
   *
   * @throws {GithubRequestError}
   */
  async sendAsApp<R extends Route>(
    route: R,
    parameters: Endpoints[R]['parameters'],
    signal: AbortSignal,
  ): Promise<AppAnswer<R>> {
    try {
      const { app } = await this.load();
      const { data, headers } = (await app.octokit.request(route as string, {
        ...parameters,
        headers: API_VERSION,
        request: { signal },
      })) as { data: unknown; headers: Record<string, string | undefined> };
      // Octokit takes a body that was cut off for text.
      if (typeof data !== 'object') throw new GithubRequestError('unavailable', 'The answer was cut off.');
      return { data: data as DataOf<R>, link: headers.link ?? '' };
    } catch (error) {
      const { status } = Object(error) as { status?: unknown };
      const failed = { repository: 'the App', permission: null, isForToken: status === 401 };
      throw githubRequestError(error, failed, Date.now());
    }
  }

  private async token(
    app: App,
    access: RepositoryAccess,
    permission: Permission,
    repo: string,
  ): Promise<Token> {
    const key = tokenKey(access, permission);
    const known = this.tokens.get(key);
    if (known !== undefined && isFresh(known)) return known;
    for (const [other, token] of this.tokens) if (!isFresh(token)) this.tokens.delete(other);
    try {
      // https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
      const { data } = await app.octokit.request('POST /app/installations/{installation_id}/access_tokens', {
        installation_id: access.installationId,
        repositories: [repo],
        permissions: { [permission]: 'write' },
        headers: API_VERSION,
        request: { signal: access.signal },
      });
      if (typeof data !== 'object') throw new GithubRequestError('unavailable', 'The answer was cut off.');
      const token = { value: data.token, expiresAt: Date.parse(data.expires_at) };
      this.tokens.set(key, token);
      return token;
    } catch (error) {
      const failed = { repository: access.repository, permission, isForToken: true };
      throw githubRequestError(error, failed, Date.now());
    }
  }

  private async load(): Promise<AppClients> {
    const credentials = await this.configured.find();
    if (credentials !== this.credentials) {
      this.credentials = credentials;
      this.clients = undefined;
      this.tokens.clear();
    }
    this.clients ??= loadClients(credentials, GithubRequests.name);
    return this.clients;
  }
}

/**
 * Loads the clients, which take memory that processes without a GitHub App never need.
 *
 * @param name who logs what Octokit says
 * @throws {GithubRequestError} without credentials
 */
export async function loadClients(credentials: AppCredentials | null, name: string): Promise<AppClients> {
  if (credentials === null) throw new GithubRequestError('refused', 'No GitHub App is configured.');
  const [app, { Octokit }] = await Promise.all([loadApp(credentials, name), import('@octokit/core')]);
  const octokit = new Octokit({ baseUrl: credentials.baseUrl, request: { fetch: fetchInTime } });
  return { app, octokit };
}

function tokenKey({ installationId, repository }: RepositoryAccess, permission: Permission): string {
  return `${installationId} ${permission} ${repository.toLowerCase()}`;
}

function isFresh(token: Token): boolean {
  return token.expiresAt - MARGIN > Date.now();
}
