import { GithubConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { fetchInTime } from '../fetch-in-time.js';
import { SILENT } from '../silent-log.js';
import { GithubUnavailableError } from '../sign-in.errors.js';
import { type CreatedApp, readCreatedApp } from './created-app.js';

/** GitHub does not know the code of a manifest: it was used before, or is more than an hour old. */
export class ManifestCodeError extends Error {
  constructor() {
    super('GitHub does not know the code.');
    this.name = 'ManifestCodeError';
  }
}

/** The code was used, and the answer with the App's secrets was lost. */
export class ManifestAnswerLostError extends Error {
  constructor() {
    super("GitHub's answer was incomplete.");
    this.name = 'ManifestAnswerLostError';
  }
}

const UNKNOWN_CODE: readonly (number | undefined)[] = [404, 410, 422];

/** Exchanges the code that GitHub sends a browser back with for the App that it created. A code works once. */
@Injectable()
export class ManifestConversions {
  constructor(private readonly github: GithubConfig) {}

  /**
   * @throws {ManifestCodeError}
   * @throws {ManifestAnswerLostError}
   * @throws {GithubUnavailableError} when GitHub refuses for now or does not answer; the code may still work
   */
  async convert(code: string): Promise<CreatedApp> {
    const { Octokit } = await import('@octokit/core');
    const octokit = new Octokit({
      baseUrl: this.github.apiUrl.replace(/\/+$/, ''),
      request: { fetch: fetchInTime },
      log: SILENT,
    });
    const answer = await octokit
      .request('POST /app-manifests/{code}/conversions', { code })
      .then(({ data }): unknown => data)
      .catch((error: unknown) => {
        throw errorOf(error);
      });
    const app = readCreatedApp(answer);
    if (app === null) throw new ManifestAnswerLostError();
    return app;
  }
}

/** Maps an error of Octokit. Octokit reports the status 500 for a request without a response. */
function errorOf(error: unknown): Error {
  const { status, response } = Object(error) as { status?: number; response?: unknown };
  if (response === undefined) return new GithubUnavailableError('GitHub did not answer.');
  if (UNKNOWN_CODE.includes(status)) return new ManifestCodeError();
  return new GithubUnavailableError(`GitHub answered ${status ?? 'nothing'}.`);
}
