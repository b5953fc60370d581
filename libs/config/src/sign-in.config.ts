import { IsOptional, IsUrl, Matches, MinLength } from 'class-validator';
import { Env } from './env.decorator.js';

const ORIGIN = /^https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\/?$/;

/** Who may sign in with a browser, and where it is sent. Without a client id and secret nobody can. */
export class SignInConfig {
  /** The OAuth App, or GitHub App, that users sign in through. */
  @Env('GITHUB_CLIENT_ID')
  @IsOptional()
  @Matches(/^[A-Za-z0-9._-]{1,100}$/, { message: 'must be 1 to 100 letters, digits and . _ -' })
  clientId?: string;

  @Env('GITHUB_CLIENT_SECRET')
  @IsOptional()
  @MinLength(8, { message: 'must have at least 8 characters' })
  clientSecret?: string;

  /** GitHub logins, or `*` for everybody. Nobody unless it says so. */
  @Env('SIGN_IN_ALLOWED', 'list')
  @Matches(/^(\*|[A-Za-z0-9][A-Za-z0-9_-]{0,99})$/, {
    each: true,
    message: 'must be GitHub logins, separated by commas, or *',
  })
  allowed: string[] = [];

  /** Where browsers and GitHub reach the API, without its `/api`. */
  @Env('PUBLIC_API_URL')
  @Matches(ORIGIN, { message: 'must be http(s)://host[:port] without a path' })
  publicApiUrl = 'http://127.0.0.1:3000';

  /** Where a browser goes once it has signed in; the only other origin that may use its session. */
  @Env('DASHBOARD_URL')
  @IsOptional()
  @IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: 'must be an http(s) address' },
  )
  dashboardUrl?: string;
}
