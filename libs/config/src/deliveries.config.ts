import { IsInt, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** How often a webhook delivery is tried whose processing fails. */
export class DeliveriesConfig {
  /** After so many failed attempts the delivery is given up, and the next one of its repository proceeds. */
  @Env('DELIVERY_ATTEMPTS', 'integer')
  @IsInt()
  @Min(1)
  @Max(20)
  attempts = 5;

  /** Milliseconds until the second attempt; each further one waits twice as long, up to a minute. */
  @Env('DELIVERY_RETRY_MS', 'integer')
  @IsInt()
  @Min(10)
  @Max(60_000)
  retryMs = 1_000;
}
