import { IsInt, IsOptional, IsUrl, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** Where the API listens, and to whose pages it speaks. */
export class HttpConfig {
  @Env('PORT', 'integer')
  @IsInt()
  @Min(0)
  @Max(65_535)
  port = 3000;

  @Env('HOST')
  @Matches(/^[A-Za-z0-9.:_-]{1,255}$/, { message: 'must be an address or a host name' })
  host = '127.0.0.1';

  /** The dashboard: pages of its origin, and of no other, may call the API with the visitor's cookie. */
  @Env('DASHBOARD_URL')
  @IsOptional()
  @IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: 'must be an http(s) address' },
  )
  dashboardUrl?: string;
}
