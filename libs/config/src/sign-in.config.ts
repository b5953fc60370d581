import { IsOptional, IsUrl, Matches, MinLength } from 'class-validator';
import { Env } from './env.decorator.js';

const ORIGIN = /^https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\/?$/;

/** Sign-in of browsers. It is off without a client id and secret, unless Nexos created the GitHub App. */
export class SignInConfig {
  @Env(
    'GITHUB_CLIENT_ID',
    'OAuth App, or GitHub App, that users sign in through. If unset, the GitHub App that Nexos created; without one, sign-in is off.',
  )
  @IsOptional()
  @Matches(/^[A-Za-z0-9._-]{1,100}$/, { message: 'must be 1 to 100 letters, digits and . _ -' })
  clientId?: string;

  @Env('GITHUB_CLIENT_SECRET', "The OAuth App's client secret.")
  @IsOptional()
  @MinLength(8, { message: 'must have at least 8 characters' })
  clientSecret?: string;

  @Env('SIGN_IN_ALLOWED', 'GitHub logins that may sign in. If unset, nobody may.', 'list')
  @Matches(/^(\*|[A-Za-z0-9][A-Za-z0-9_-]{0,99})$/, {
    each: true,
    message: 'must be GitHub logins, separated by commas, or *',
  })
  allowed: string[] = [];

  @Env('PUBLIC_API_URL', 'URL at which browsers and GitHub reach the API, without `/api`.')
  @Matches(ORIGIN, { message: 'must be http(s)://host[:port] without a path' })
  publicApiUrl = 'http://127.0.0.1:3000';

  @Env(
    'DASHBOARD_URL',
    'URL that browsers are sent to after sign-in. CORS allows pages of its origin to call the API with the session.',
  )
  @IsOptional()
  @IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: 'must be an http(s) address' },
  )
  dashboardUrl?: string;
}
