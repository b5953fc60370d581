import { GithubConfig } from '@nexos/config';
import { parseRepositoryName } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import type { App } from '@octokit/app';
import type { Octokit } from '@octokit/core';
import type { Endpoints } from '@octokit/types';
import { fetchInTime } from '../fetch-in-time.js';
import { type AppCredentials, credentialsOf, loadApp } from '../github-app.js';
import { GithubRequestError, githubRequestError } from './github-request.error.js';

/** A token is not used this many milliseconds before its expiry. */
const MARGIN = 60_000;
/** https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const API_VERSION = { 'x-github-api-version': '2022-11-28' };

/** Permissions of the App that Nexos tells GitHub with. */
export type WritePermission = 'checks' | 'deployments' | 'pull_requests';

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
  private readonly credentials: AppCredentials | null;
  private clients: Promise<AppClients> | undefined;
  private readonly tokens = new Map<string, Token>();

  /** @throws {TypeError} when the private key of the configured App is invalid */
  constructor(github: GithubConfig) {
    this.credentials = credentialsOf(github);
  }

  /** The id of the configured App; null without one. */
  get appId(): number | null {
    return this.credentials === null ? null : Number(this.credentials.appId);
  }

  /**
   * Sends one request, preceded by one for a token if none is valid.
   *
   * @throws {GithubRequestError}
   */
  async send<R extends Route>(
    access: RepositoryAccess,
    permission: WritePermission,
    route: R,
    parameters: ParametersOf<R>,
  ): Promise<DataOf<R>> {
    const { owner, name: repo } = parseRepositoryName(access.repository);
    const failed = { repository: access.repository, permission };
    const token = await this.token(access, permission, repo);
    try {
      const { octokit } = await this.load();
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

  private async token(access: RepositoryAccess, permission: WritePermission, repo: string): Promise<Token> {
    const key = tokenKey(access, permission);
    const known = this.tokens.get(key);
    if (known !== undefined && isFresh(known)) return known;
    for (const [other, token] of this.tokens) if (!isFresh(token)) this.tokens.delete(other);
    try {
      const { app } = await this.load();
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

  private load(): Promise<AppClients> {
    this.clients ??= loadClients(this.credentials, GithubRequests.name);
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

function tokenKey({ installationId, repository }: RepositoryAccess, permission: WritePermission): string {
  return `${installationId} ${permission} ${repository.toLowerCase()}`;
}

function isFresh(token: Token): boolean {
  return token.expiresAt - MARGIN > Date.now();
}
