import { setTimeout as wait } from 'node:timers/promises';
import {
  type AccessConfirmation,
  DeploymentFailure,
  isAccessConfirmed,
  parseRepositoryName,
  remoteFailure,
} from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import type { App } from '@octokit/app';
import { ConfiguredApp } from './app/configured-app.js';
import { UnreadableAppError } from './app/unreadable-app.error.js';
import { type AppCredentials, loadApp } from './github-app.js';
import { unlessAborted } from './unless-aborted.js';

/** A token is not used this many milliseconds before its expiry, so that a fetch can end in time. */
const MARGIN = 5 * 60 * 1000;
/** GitHub may not know an installation of a moment ago, so it is asked once more after so many milliseconds. */
const UNKNOWN_MS = 1_000;

/** The project that a repository is read for. */
export interface ReadingProject extends AccessConfirmation {
  /** `owner/name` */
  readonly githubRepo: string;
  /** The installation that gives access to it; looked up when null. */
  readonly installationId: string | null;
}

interface Token {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Provides short-lived tokens of the GitHub App's installations, each limited to reading one repository. */
@Injectable()
export class InstallationTokens {
  private credentials: AppCredentials | null = null;
  private app: Promise<App> | undefined;
  private readonly ready = new Map<string, Token>();
  private readonly pending = new Map<string, Promise<Token | null>>();

  constructor(private readonly configured: ConfiguredApp) {}

  /**
   * Returns a token that can read the repository of a project. Undefined when no App is configured, the App is not installed
   * on the repository, or GitHub has to confirm the account's access and has not; a public repository can be read without
   * one.
   *
   * @param signal ends the wait; a request that others share goes on
   * @throws {DeploymentFailure} repository_access_denied, repository_unreachable, secrets_unreadable
   * @throws the signal's reason
   */
  async tokenFor(project: ReadingProject, signal?: AbortSignal): Promise<string | undefined> {
    if (await this.isUnconfirmed(project)) return undefined;
    const { githubRepo, installationId } = project;
    return this.tokenOf(githubRepo, installationId === null ? undefined : Number(installationId), signal);
  }

  /**
   * Returns a token that can read a repository. Whether somebody may read it is up to the caller.
   *
   * @param installationId looked up if it is not known
   * @param signal as for `tokenFor`
   * @throws as `tokenFor` does
   */
  async tokenOf(
    repository: string,
    installationId: number | undefined,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const credentials = await this.find(repository);
    if (credentials !== this.credentials) this.use(credentials);
    if (credentials === null) return undefined;
    const key = `${installationId ?? ''} ${repository.toLowerCase()}`;
    const known = this.ready.get(key);
    if (known !== undefined && isFresh(known)) return known.value;
    this.app ??= loadApp(credentials, InstallationTokens.name);
    const app = await this.app;
    const pending = this.pending.get(key) ?? this.begin(key, app, repository, installationId);
    const token = await (signal === undefined ? pending : unlessAborted(pending, signal));
    return token?.value;
  }

  /** Returns the error to show for one of reading a project's repository: its account may have to have it confirmed. */
  async explain(project: ReadingProject, error: unknown): Promise<unknown> {
    const isDenied = error instanceof DeploymentFailure && error.code === 'repository_access_denied';
    if (!isDenied || !(await this.isUnconfirmed(project))) return error;
    return remoteFailure('unconfirmed', project.githubRepo, error);
  }

  /** Returns whether there are no tokens for projects that GitHub has not confirmed. */
  requiresConfirmation(): Promise<boolean> {
    return this.configured.requiresConnection();
  }

  private async isUnconfirmed(project: AccessConfirmation): Promise<boolean> {
    return !isAccessConfirmed(project) && (await this.requiresConfirmation());
  }

  private async find(repository: string): Promise<AppCredentials | null> {
    try {
      return await this.configured.find();
    } catch (error) {
      throw error instanceof UnreadableAppError ? error.failureFor(repository) : error;
    }
  }

  /** Forgets the tokens of another App. */
  private use(credentials: AppCredentials | null): void {
    this.credentials = credentials;
    this.app = undefined;
    this.ready.clear();
    this.pending.clear();
  }

  /** Requests a token; concurrent callers share the pending request. */
  private begin(key: string, app: App, repository: string, installationId?: number): Promise<Token | null> {
    for (const [other, token] of this.ready) if (!isFresh(token)) this.ready.delete(other);
    const pending: Promise<Token | null> = requestToken(app, repository, installationId)
      .then((token) => {
        if (token !== null && this.pending.get(key) === pending) this.ready.set(key, token);
        return token;
      })
      .finally(() => {
        if (this.pending.get(key) === pending) this.pending.delete(key);
      });
    this.pending.set(key, pending);
    return pending;
  }
}

function isFresh(token: Token): boolean {
  return token.expiresAt - MARGIN > Date.now();
}

async function requestToken(app: App, repository: string, installationId?: number): Promise<Token | null> {
  const { owner, name } = parseRepositoryName(repository);
  try {
    const installation = installationId ?? (await findInstallation(app, owner, name));
    if (installation === null) return null;
    // https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
    const ask = () =>
      app.octokit.request('POST /app/installations/{installation_id}/access_tokens', {
        installation_id: installation,
        repositories: [name],
        permissions: { contents: 'read' },
      });
    const { data } = await ask().catch(async (error: unknown) => {
      if (statusOf(error) !== 404) throw error;
      await wait(UNKNOWN_MS);
      return ask();
    });
    assertWhole(data);
    return { value: data.token, expiresAt: Date.parse(data.expires_at) };
  } catch (error) {
    throw failureOf(error, repository);
  }
}

/** https://docs.github.com/en/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app */
async function findInstallation(app: App, owner: string, repo: string): Promise<number | null> {
  try {
    const { data } = await app.octokit.request('GET /repos/{owner}/{repo}/installation', { owner, repo });
    assertWhole(data);
    return data.id;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Octokit takes a body that was cut off for text. */
function assertWhole(data: unknown): void {
  if (typeof data !== 'object') throw new TypeError("GitHub's answer was cut off.");
}

const DENIED: readonly (number | undefined)[] = [401, 403, 404, 422];

/** Maps an error to a failure. Octokit reports status 500 for a request without a response. */
function failureOf(error: unknown, repository: string): DeploymentFailure {
  const isRateLimit = error instanceof Error && /rate limit/i.test(error.message);
  const isDenied = !isRateLimit && DENIED.includes(statusOf(error));
  return remoteFailure(isDenied ? 'repository_access_denied' : 'repository_unreachable', repository, error);
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}
