import { type RedisConfig } from '@nexos/config';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';

/**
 * A connection that fails a command at once while Redis is away: for whoever must not wait, since what it
 * says is kept in the database and said again later.
 */
export function connectFailingFast(config: RedisConfig): Redis {
  return logged(
    new Redis(config.url, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      connectTimeout: 5_000,
      commandTimeout: 5_000,
      retryStrategy: reconnectDelay,
    }),
  );
}

/** A connection that waits for Redis to come back: for workers, which have nothing to do without it. */
export function connectPatiently(config: RedisConfig): Redis {
  return logged(
    new Redis(config.url, {
      maxRetriesPerRequest: null,
      connectTimeout: 5_000,
      retryStrategy: reconnectDelay,
    }),
  );
}

function reconnectDelay(attempt: number): number {
  return Math.min(100 * attempt, 2_000);
}

/** Says once that Redis went away and once that it is back, not at every try to reach it. */
function logged(redis: Redis): Redis {
  const logger = new Logger('Redis');
  let away = false;
  redis.on('error', (error) => {
    if (!away) logger.warn(`Redis is away: ${error.message}`);
    away = true;
  });
  redis.on('ready', () => {
    if (away) logger.log('Redis is back');
    away = false;
  });
  return redis;
}
