import { Injectable } from '@nestjs/common';
import type { App } from '@octokit/app';
import { type AppCredentials, loadApp } from '../github-app.js';
import { GithubUnavailableError } from '../sign-in.errors.js';
import { ConfiguredApp } from './configured-app.js';

/** What GitHub knows of the App. */
export interface AppDetails {
  readonly slug: string | null;
  /** Null if GitHub does not tell. */
  readonly clientId: string | null;
  readonly name: string;
  readonly htmlUrl: string;
  readonly permissions: Readonly<Record<string, string | undefined>>;
  readonly events: readonly string[];
}

/** Asks GitHub about the configured App. */
@Injectable()
export class AppDetailsReader {
  private loaded: { readonly credentials: AppCredentials; readonly app: Promise<App> } | undefined;

  constructor(private readonly configured: ConfiguredApp) {}

  /**
   * Returns null without an App.
   *
   * @throws {GithubUnavailableError} whose message says why GitHub tells nothing
   * @see https://docs.github.com/en/rest/apps/apps#get-the-authenticated-app
   */
  async read(): Promise<AppDetails | null> {
    const credentials = await this.configured.find();
    if (credentials === null) return null;
    if (this.loaded?.credentials !== credentials) {
      this.loaded = { credentials, app: loadApp(credentials, AppDetailsReader.name) };
    }
    const app = await this.loaded.app;
    const { data } = await app.octokit.request('GET /app').catch((error: unknown) => {
      throw errorOf(error);
    });
    const { slug, client_id: clientId, name, html_url: htmlUrl, permissions, events } = data ?? {};
    if (typeof name !== 'string' || typeof htmlUrl !== 'string') {
      throw new GithubUnavailableError("GitHub's answer was incomplete. Try again.");
    }
    return {
      slug: slug ?? null,
      clientId: clientId ?? null,
      name,
      htmlUrl,
      permissions: permissions ?? {},
      events: events ?? [],
    };
  }
}

function errorOf(error: unknown): GithubUnavailableError {
  const { status, response } = Object(error) as { status?: number; response?: unknown };
  if (response === undefined) return new GithubUnavailableError('GitHub does not answer. Try again later.');
  if (status === 401 || status === 404) {
    return new GithubUnavailableError(
      'GitHub does not accept the id and the private key of the App. It was deleted, or its key was revoked.',
    );
  }
  return new GithubUnavailableError(`GitHub answered ${status ?? 'nothing'}. Try again later.`);
}
