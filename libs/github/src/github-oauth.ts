import { GithubConfig, SignInConfig } from '@nexos/config';
import { Injectable, Logger } from '@nestjs/common';
import type { Octokit } from '@octokit/core';
import { AppDetailsReader } from './app/app-details.js';
import { ConfiguredApp } from './app/configured-app.js';
import { installationsOf, type UserInstallation } from './access/user-installations.js';
import { fetchInTime } from './fetch-in-time.js';
import type { AppCredentials } from './github-app.js';
import { parseUser, primaryEmail, type SignedInUser } from './github-user.js';
import { GithubUnavailableError, SignInRefusedError } from './sign-in.errors.js';
import { SILENT } from './silent-log.js';

const SCOPE = 'read:user user:email';
/** Errors about the code; every other error is about our own settings. */
const REFUSALS = ['bad_verification_code', 'unverified_user_email'];

/**
 * Signs users in with GitHub: the web application flow with PKCE
 * (https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps). A token is used
 * once, to identify the user, and never stored.
 */
@Injectable()
export class GithubOAuth {
  private readonly logger = new Logger(GithubOAuth.name);
  private readonly url: string;
  private readonly apiUrl: string;

  constructor(
    github: GithubConfig,
    private readonly signIn: SignInConfig,
    private readonly app: ConfiguredApp,
    private readonly details: AppDetailsReader,
  ) {
    this.url = github.url.replace(/\/+$/, '');
    this.apiUrl = github.apiUrl.replace(/\/+$/, '');
  }

  async isConfigured(): Promise<boolean> {
    return (await this.client()) !== null;
  }

  /** Returns the URL to redirect the browser to. `codeChallenge` is the verifier's SHA-256 in base64url (RFC 7636). */
  async authorizeUrl(request: {
    state: string;
    codeChallenge: string;
    redirectUri: string;
  }): Promise<string> {
    const client = await this.client();
    const query = new URLSearchParams({
      client_id: client?.id ?? '',
      redirect_uri: request.redirectUri,
      scope: SCOPE,
      state: request.state,
      code_challenge: request.codeChallenge,
      code_challenge_method: 'S256',
    });
    return `${this.url}/login/oauth/authorize?${query.toString()}`;
  }

  /**
   * Returns the user who came back with `code`.
   *
   * @throws {SignInRefusedError} when GitHub rejects the code
   * @throws {GithubUnavailableError}
   */
  async fetchUser(request: {
    code: string;
    codeVerifier: string;
    redirectUri: string;
  }): Promise<SignedInUser> {
    // Loaded when somebody signs in: it takes memory that most processes never need.
    const { Octokit } = await import('@octokit/core');
    const octokit = new Octokit({
      auth: await this.exchange(request),
      baseUrl: this.apiUrl,
      request: { fetch: fetchInTime },
      log: SILENT,
    });
    try {
      const user = parseUser((await octokit.request('GET /user')).data);
      const [email, installations] = await Promise.all([
        user.email ?? emailOf(octokit),
        this.installationsOf(octokit),
      ]);
      return { ...user, email, installations };
    } catch (cause) {
      if (cause instanceof GithubUnavailableError) throw cause;
      throw new GithubUnavailableError('GitHub did not identify the user.', { cause });
    }
  }

  /** Returns what identifies Nexos at GitHub: the environment's, otherwise that of the App created through Nexos. */
  private async client(): Promise<{ id: string; secret: string } | null> {
    const { clientId: id, clientSecret: secret } = this.signIn;
    if (id !== undefined && secret !== undefined) return { id, secret };
    if (id !== undefined || secret !== undefined) return null;
    const stored = (await this.app.find())?.stored ?? null;
    return stored === null ? null : { id: stored.clientId, secret: stored.clientSecret };
  }

  /** Never fails a sign-in: null without a GitHub App, if GitHub does not tell, or if it tells about another App. */
  private async installationsOf(octokit: Octokit): Promise<readonly UserInstallation[] | null> {
    try {
      const app = await this.app.find();
      if (app === null) return null;
      const ids = await installationsOf(octokit, Number(app.appId));
      // With the client of another App, GitHub lists where that one is installed: nothing about ours.
      return ids.length > 0 || (await this.isClientOf(app)) ? ids : null;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // The client of an OAuth App may not ask: the events of the GitHub App tell instead.
      if (statusOf(error) === 403) this.logger.debug(`GitHub did not list installations: ${message}`);
      else this.logger.warn(`GitHub did not list the installations of a user who signs in: ${message}`);
      return null;
    }
  }

  /** Returns whether users sign in through the GitHub App, and not through another App. */
  private async isClientOf({ stored }: AppCredentials): Promise<boolean> {
    const ofApp = stored?.clientId ?? (await this.details.read())?.clientId ?? null;
    return ofApp !== null && ofApp === (await this.client())?.id;
  }

  private async exchange(request: {
    code: string;
    codeVerifier: string;
    redirectUri: string;
  }): Promise<string> {
    const client = await this.client();
    const answer = await this.requestToken(
      new URLSearchParams({
        client_id: client?.id ?? '',
        client_secret: client?.secret ?? '',
        code: request.code,
        code_verifier: request.codeVerifier,
        redirect_uri: request.redirectUri,
      }),
    );
    const { access_token: token, error } = answer;
    if (typeof token === 'string' && token !== '') return token;
    const code = typeof error === 'string' && /^[a-z_]{1,60}$/.test(error) ? error : 'an unknown error';
    if (REFUSALS.includes(code)) throw new SignInRefusedError(code);
    throw new GithubUnavailableError(`GitHub returned no token: ${code}`);
  }

  /** Requests a token. GitHub answers 200 even when it refuses, with an `error` in the body. */
  private async requestToken(body: URLSearchParams): Promise<Record<string, unknown>> {
    try {
      const response = await fetchInTime(`${this.url}/login/oauth/access_token`, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body,
        redirect: 'error',
      });
      if (!response.ok) throw new Error(`GitHub responded ${response.status}`);
      return Object(await response.json()) as Record<string, unknown>;
    } catch (cause) {
      throw new GithubUnavailableError('GitHub returned no token.', { cause });
    }
  }
}

/** Returns the primary email; null when the user has revoked the permission to read it. */
async function emailOf(octokit: Octokit): Promise<string | null> {
  try {
    return primaryEmail((await octokit.request('GET /user/emails')).data);
  } catch (error) {
    const status = statusOf(error);
    if (status === 403 || status === 404) return null;
    throw error;
  }
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && 'status' in error ? error.status : undefined;
}
