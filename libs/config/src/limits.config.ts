import { IsInt, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** How much one caller may ask for. */
export class LimitsConfig {
  /** Requests a minute with one API key, or in one session. */
  @Env('RATE_LIMIT_PER_MINUTE', 'integer')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  requestsPerMinute = 1_000;
}
