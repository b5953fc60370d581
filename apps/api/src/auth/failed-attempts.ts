import { HttpConfig, RedisConfig } from '@nexos/config';
import { FAST_REDIS } from '@nexos/queue';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../http/problems/api-error.js';
import { clientNetwork } from './client-network.js';

const WINDOW_SECONDS = 60;
const MAX_CLIENTS = 10_000;

/**
 * Counts wrong credentials by client address, across all processes. While Redis is unreachable, each process counts
 * alone. Clients that send only right credentials are never counted, and a right key is never refused for the wrong ones
 * of its neighbours: a blocked client only waits for its wrong ones.
 */
@Injectable()
export class FailedAttempts {
  private readonly limiter: RateLimiterRedis;
  /** Addresses that must wait, each until its entry expires. */
  private readonly blocked = new LRUCache<string, true>({
    max: MAX_CLIENTS,
    ttl: WINDOW_SECONDS * 1_000,
  });

  constructor(@Inject(FAST_REDIS) redis: Redis, { prefix }: RedisConfig, http: HttpConfig) {
    const limit = { points: http.authFailuresPerMinute, duration: WINDOW_SECONDS };
    this.limiter = new RateLimiterRedis({
      ...limit,
      storeClient: redis,
      keyPrefix: `${prefix}:auth-failures`,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(limit),
    });
  }

  /** @throws {ApiError} too-many-requests */
  refuseBlocked(request: FastifyRequest, reply: FastifyReply): void {
    const waitMs = this.blocked.getRemainingTTL(clientNetwork(request.ip));
    if (waitMs > 0) throw tooMany(reply, waitMs);
  }

  /** @throws {ApiError} too-many-requests, when this attempt exceeds the limit */
  async count(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const client = clientNetwork(request.ip);
    try {
      await this.limiter.consume(client);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      // A TTL of 0 would never expire.
      this.blocked.set(client, true, { ttl: Math.max(1, refusal.msBeforeNext) });
      throw tooMany(reply, refusal.msBeforeNext);
    }
  }
}

function tooMany(reply: FastifyReply, waitMs: number): ApiError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  void reply.header('retry-after', String(seconds));
  return new ApiError(
    'too-many-requests',
    `Too many wrong credentials were sent from this address. Try again in ${seconds} s.`,
  );
}
