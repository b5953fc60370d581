import { IsInt, Matches, Max, Min, ValidateBy } from 'class-validator';
import { Env } from './env.decorator.js';
import { isNetwork } from './network.js';

/** Where the API listens, and whom it listens to. */
export class HttpConfig {
  @Env('PORT', 'integer')
  @IsInt()
  @Min(0)
  @Max(65_535)
  port = 3000;

  @Env('HOST')
  @Matches(/^[A-Za-z0-9.:_-]{1,255}$/, { message: 'must be an address or a host name' })
  host = '127.0.0.1';

  /** The reverse proxies whose `X-Forwarded-For` is believed; nobody's unless it says so. */
  @Env('TRUSTED_PROXIES', 'list')
  @ValidateBy(
    {
      name: 'isNetwork',
      validator: {
        validate: isNetwork,
        defaultMessage: () => 'must be addresses or CIDR blocks, separated by commas',
      },
    },
    { each: true },
  )
  trustedProxies: string[] = [];

  /** How many wrong credentials an address may send in a minute before it is told to wait. */
  @Env('AUTH_FAILURES_PER_MINUTE', 'integer')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  authFailuresPerMinute = 60;
}
