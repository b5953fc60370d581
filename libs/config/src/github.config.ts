import { IsIn, IsOptional, IsUrl, Matches, MinLength } from 'class-validator';
import { Env } from './env.decorator.js';

const HTTP_URL = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

/** The Git host. The base URLs are configurable for GitHub Enterprise Server. */
export class GithubConfig {
  @Env('GITHUB_URL', 'Git host. Repositories are fetched from `{GITHUB_URL}/{owner}/{name}.git`.')
  @IsUrl(HTTP_URL, { message: 'must be an http(s) address' })
  url = 'https://github.com';

  @Env('GITHUB_API_URL', "The Git host's API. On GitHub Enterprise Server: `https://HOST/api/v3`.")
  @IsUrl(HTTP_URL, { message: 'must be an http(s) address' })
  apiUrl = 'https://api.github.com';

  @Env(
    'GITHUB_WEBHOOK_SECRET',
    'Secrets that webhook deliveries may be signed with; list the old and the new one during a rotation. The secret of a GitHub App that Nexos created counts too.',
    'list',
    ['api'],
  )
  @MinLength(16, { each: true, message: 'must have at least 16 characters' })
  webhookSecrets: string[] = [];

  @Env(
    'GITHUB_APP_ID',
    'GitHub App that private repositories are fetched with. If unset, the one that Nexos created.',
    'string',
    ['api', 'builder', 'integrations'],
  )
  @IsOptional()
  @Matches(/^\d{1,12}$/, { message: 'must be a number' })
  appId?: string;

  @Env('GITHUB_APP_PRIVATE_KEY', "The App's private key. Line ends may be written as `\\n`.", 'string', [
    'api',
    'builder',
    'integrations',
  ])
  @IsOptional()
  @Matches(/^-----BEGIN /, { message: 'must be a PEM private key' })
  appPrivateKey?: string;

  @Env(
    'REPOSITORIES',
    'Which repositories accounts may deploy. `connected`: those that the GitHub App is installed on and that the user may use. `any`: every repository that Nexos can read. Default: `connected` with a GitHub App, else `any`.',
    'string',
    ['api', 'builder', 'integrations'],
  )
  @IsOptional()
  @IsIn(['connected', 'any'])
  repositories?: 'connected' | 'any';

  /** Whether an account may only deploy repositories that GitHub confirmed it may use. */
  get requiresConnection(): boolean {
    const hasApp = this.appId !== undefined && this.appPrivateKey !== undefined;
    return (this.repositories ?? (hasApp ? 'connected' : 'any')) === 'connected';
  }
}
