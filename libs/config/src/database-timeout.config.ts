import { IsInt, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** How long a process that answers requests waits for Postgres. Workers wait for as long as their work takes. */
export class DatabaseTimeoutConfig {
  @Env(
    'DATABASE_TIMEOUT_MS',
    'Milliseconds that a request waits for a connection to Postgres, and for each query. After that it is answered 503.',
    'integer',
  )
  @IsInt()
  @Min(500)
  @Max(60_000)
  timeoutMs = 3_000;
}
