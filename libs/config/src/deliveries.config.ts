import { IsInt, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** Retries of webhook deliveries. */
export class DeliveriesConfig {
  @Env(
    'DELIVERY_ATTEMPTS',
    'Failed attempts after which a webhook delivery is marked `failed` and the next delivery of its repository is processed.',
    'integer',
  )
  @IsInt()
  @Min(1)
  @Max(20)
  attempts = 5;

  @Env(
    'DELIVERY_RETRY_MS',
    'Milliseconds before the second attempt. The wait doubles with each further attempt, up to a minute.',
    'integer',
  )
  @IsInt()
  @Min(10)
  @Max(60_000)
  retryMs = 1_000;

  @Env(
    'REDELIVERY_CHECK_MS',
    'Milliseconds between two questions to GitHub for deliveries that failed, such as while the API was down, which it is asked to repeat. With a GitHub App only.',
    'integer',
  )
  @IsInt()
  @Min(200)
  @Max(86_400_000)
  redeliveryMs = 300_000;
}
