import { IsOptional, IsUrl, Matches, MinLength } from 'class-validator';
import { Env } from './env.decorator.js';

const HTTP_URL = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

/** The Git host. The base URLs are settings because GitHub Enterprise Server has its own. */
export class GithubConfig {
  /** Repositories are fetched from `{GITHUB_URL}/{owner}/{name}.git`. */
  @Env('GITHUB_URL')
  @IsUrl(HTTP_URL, { message: 'must be an http(s) address' })
  url = 'https://github.com';

  @Env('GITHUB_API_URL')
  @IsUrl(HTTP_URL, { message: 'must be an http(s) address' })
  apiUrl = 'https://api.github.com';

  /** Signs webhook deliveries; several, separated by commas, are all accepted while one is being replaced. */
  @Env('GITHUB_WEBHOOK_SECRET', 'list')
  @MinLength(16, { each: true, message: 'must have at least 16 characters' })
  webhookSecrets: string[] = [];

  /** The GitHub App that installation tokens for private repositories come from. */
  @Env('GITHUB_APP_ID')
  @IsOptional()
  @Matches(/^\d{1,12}$/, { message: 'must be a number' })
  appId?: string;

  /** The App's private key: PEM text, with `\n` for line ends where it must be one line. */
  @Env('GITHUB_APP_PRIVATE_KEY')
  @IsOptional()
  @Matches(/^-----BEGIN /, { message: 'must be a PEM private key' })
  appPrivateKey?: string;
}
