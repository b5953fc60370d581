import { IsInt, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';
import { AreNetworks } from './network.js';

/** The API's listener. */
export class HttpConfig {
  @Env('PORT', 'Port that the API listens on; 0 picks a free one.', 'integer')
  @IsInt()
  @Min(0)
  @Max(65_535)
  port = 3000;

  @Env('HOST', 'Address that the API listens on. The production image sets it to `0.0.0.0`.')
  @Matches(/^[A-Za-z0-9.:_-]{1,255}$/, { message: 'must be an address or a host name' })
  host = '127.0.0.1';

  @Env('TRUSTED_PROXIES', 'Reverse proxies whose `X-Forwarded-For` is trusted.', 'list')
  @AreNetworks()
  trustedProxies: string[] = [];

  @Env(
    'AUTH_FAILURES_PER_MINUTE',
    'Wrong credentials that one address (for IPv6: one /64 network) may send per minute before it gets a 429.',
    'integer',
  )
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  authFailuresPerMinute = 60;
}
