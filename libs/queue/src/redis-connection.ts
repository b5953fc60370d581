import { type RedisConfig } from '@nexos/config';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';

/**
 * Opens a connection that fails fast while Redis is unreachable, and in 2 s if it does not answer, for callers that must
 * not wait: the database keeps their jobs for a later attempt.
 */
export function connectFailingFast(config: RedisConfig): Redis {
  return withLogging(
    new Redis(config.url, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      connectTimeout: 5_000,
      commandTimeout: 2_000,
      retryStrategy: reconnectDelay,
    }),
  );
}

/** Opens a connection that waits for Redis to come back, for workers, which have nothing to do without it. */
export function connectPatiently(config: RedisConfig): Redis {
  return withLogging(
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

/** Logs once that Redis became unreachable and once that it is back, instead of at every attempt to connect. */
function withLogging(redis: Redis): Redis {
  const logger = new Logger('Redis');
  let isUnreachable = false;
  redis.on('error', (error) => {
    if (!isUnreachable) logger.warn(`Redis is unreachable: ${error.message}`);
    isUnreachable = true;
  });
  redis.on('ready', () => {
    if (isUnreachable) logger.log('Redis is reachable again');
    isUnreachable = false;
  });
  return redis;
}
