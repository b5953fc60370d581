import { IsInt, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** Redis carries job queues and live build logs. Losing it loses no state. */
export class RedisConfig {
  @Env(
    'REDIS_URL',
    'Redis, as `redis://:password@host:port`. It must not evict keys (`maxmemory-policy noeviction`).',
  )
  @Matches(/^rediss?:\/\//, { message: 'must be a redis:// or rediss:// address' })
  url!: string;

  @Env('REDIS_PREFIX', 'Prefix of every key, so that two installations can share a server.')
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/, { message: 'must be 1 to 40 of a-z, 0-9 and -' })
  prefix = 'nexos';

  @Env('QUEUE_LOCK_MS', 'Milliseconds that a BullMQ job stays locked without a renewal.', 'integer', [
    'builder',
    'integrations',
    'lifecycle',
    'quota',
  ])
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  queueLockMs = 30_000;

  @Env('QUEUE_STALLED_MS', 'Milliseconds between two checks for jobs whose worker has died.', 'integer', [
    'builder',
    'integrations',
    'lifecycle',
    'quota',
  ])
  @IsInt()
  @Min(500)
  @Max(600_000)
  queueStalledMs = 30_000;
}
