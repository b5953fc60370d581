import { IsInt, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** Where a process listens. */
export class HttpConfig {
  @Env('PORT', 'integer')
  @IsInt()
  @Min(0)
  @Max(65_535)
  port = 3000;

  @Env('HOST')
  @Matches(/^[A-Za-z0-9.:_-]{1,255}$/, { message: 'must be an address or a host name' })
  host = '127.0.0.1';
}
