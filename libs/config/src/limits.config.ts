import { IsInt, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** Limits of one API client. */
export class LimitsConfig {
  @Env('RATE_LIMIT_PER_MINUTE', 'Requests per minute with one API key or session.', 'integer')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  requestsPerMinute = 1_000;
}
