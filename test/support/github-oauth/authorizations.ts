import { createHash, randomBytes } from 'node:crypto';
import type { TestUser } from './test-user.js';

/** An OAuth App as it is registered with GitHub. */
export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly callback: string;
}

interface Grant {
  readonly user: TestUser;
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
}

/** GitHub's response to a code; a rejection has the status 200 as well. */
export type TokenAnswer =
  | { readonly access_token: string; readonly scope: string; readonly token_type: 'bearer' }
  | { readonly error: string; readonly error_description: string; readonly error_uri: string };

const DOCS =
  'https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors';

/**
 * Codes and tokens of one OAuth App: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 */
export class Authorizations {
  private readonly codes = new Map<string, Grant>();
  private readonly tokens = new Map<string, TestUser>();

  constructor(private readonly app: OAuthApp) {}

  /** Returns where the browser is redirected; null for an unknown app, for which GitHub shows its 404. */
  authorize(query: URLSearchParams, user: TestUser | null): URL | null {
    if (query.get('client_id') !== this.app.clientId) return null;
    const redirectUri = query.get('redirect_uri') ?? this.app.callback;
    const target = new URL(this.app.callback);
    const state = query.get('state');
    if (state !== null) target.searchParams.set('state', state);
    if (redirectUri !== this.app.callback) return withError(target, 'redirect_uri_mismatch');
    if (user === null) return withError(target, 'access_denied');
    const code = randomBytes(10).toString('hex');
    this.codes.set(code, { user, redirectUri, codeChallenge: query.get('code_challenge') });
    target.searchParams.set('code', code);
    return target;
  }

  /** Exchanges a code for a token. A code works once, even if the exchange fails. */
  exchange(body: URLSearchParams): TokenAnswer {
    if (body.get('client_id') !== this.app.clientId || body.get('client_secret') !== this.app.clientSecret) {
      return refusal(
        'incorrect_client_credentials',
        'The client_id and/or client_secret passed are incorrect.',
      );
    }
    const code = body.get('code') ?? '';
    const grant = this.codes.get(code);
    this.codes.delete(code);
    if (grant === undefined || !provesChallenge(grant, body.get('code_verifier'))) {
      return refusal('bad_verification_code', 'The code passed is incorrect or expired.');
    }
    if (body.get('redirect_uri') !== grant.redirectUri) {
      return refusal('redirect_uri_mismatch', 'The redirect_uri MUST match the registered callback URL.');
    }
    const token = `gho_${randomBytes(18).toString('hex')}`;
    this.tokens.set(token, grant.user);
    return { access_token: token, scope: 'read:user,user:email', token_type: 'bearer' };
  }

  /** Returns the owner of the token in an `Authorization` header. */
  userOf(authorization: string | undefined): TestUser | undefined {
    return this.tokens.get(/^(?:token|bearer) (\S+)$/i.exec(authorization ?? '')?.[1] ?? '');
  }

  /** All tokens issued so far. */
  get issued(): readonly string[] {
    return [...this.tokens.keys()];
  }
}

/** RFC 7636, section 4.6. */
function provesChallenge({ codeChallenge }: Grant, verifier: string | null): boolean {
  if (codeChallenge === null) return verifier === null;
  return verifier !== null && createHash('sha256').update(verifier).digest('base64url') === codeChallenge;
}

function withError(target: URL, error: string): URL {
  target.searchParams.set('error', error);
  target.searchParams.set('error_description', error.replaceAll('_', ' '));
  target.searchParams.set('error_uri', DOCS);
  return target;
}

function refusal(error: string, description: string): TokenAnswer {
  return { error, error_description: description, error_uri: `${DOCS}#${error.replaceAll('_', '-')}` };
}
