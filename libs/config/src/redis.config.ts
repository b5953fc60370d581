import { IsInt, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** Redis carries job queues and live build logs; nothing in it is the truth. */
export class RedisConfig {
  @Env('REDIS_URL')
  @Matches(/^rediss?:\/\//, { message: 'must be a redis:// or rediss:// address' })
  url!: string;

  /** Every key begins with it, so that two installations can share a server. */
  @Env('REDIS_PREFIX')
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/, { message: 'must be 1 to 40 of a-z, 0-9 and -' })
  prefix = 'nexos';

  /** How long a BullMQ job stays locked without a sign of life, in milliseconds. */
  @Env('QUEUE_LOCK_MS', 'integer')
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  queueLockMs = 30_000;

  /** How often BullMQ looks for jobs whose worker has died, in milliseconds. */
  @Env('QUEUE_STALLED_MS', 'integer')
  @IsInt()
  @Min(500)
  @Max(600_000)
  queueStalledMs = 30_000;
}
