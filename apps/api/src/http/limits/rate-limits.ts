import { LimitsConfig, RedisConfig } from '@nexos/config';
import { FAST_REDIS } from '@nexos/queue';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { RateWindow } from './rate-window.js';

const WINDOW_SECONDS = 60;
const WINDOW_MS = WINDOW_SECONDS * 1_000;
/** How often the processes tell each other what they counted. */
const TELL_EVERY_MS = 100;

/** Whether a request is within the limit, and what is left. */
export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until all of the limit is to be had again. */
  readonly resetSeconds: number;
}

/**
 * Counts the requests of each credential, over all API processes. A request is decided on by what this process knows
 * and never waits for Redis; a credential that is in use is told to the others, in one command, every 100 ms. So a
 * caller may get more than the limit by what each process lets through in that time, and no more. While Redis is
 * away, each process counts by itself.
 */
@Injectable()
export class RateLimits implements OnApplicationShutdown {
  private readonly logger = new Logger(RateLimits.name);
  private readonly windows = new Map<string, RateWindow>();
  private readonly toTell = new Set<string>();
  private readonly counter: RateLimiterRedis;
  private readonly forgetting: NodeJS.Timeout;
  private telling: NodeJS.Timeout | undefined;
  private redisIsAway = false;

  constructor(
    private readonly config: LimitsConfig,
    redisConfig: RedisConfig,
    @Inject(FAST_REDIS) redis: Redis,
  ) {
    this.counter = new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `${redisConfig.prefix}:rate`,
      points: config.requestsPerMinute,
      duration: WINDOW_SECONDS,
      rejectIfRedisNotReady: true,
    });
    this.forgetting = setInterval(() => this.forget(), WINDOW_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.forgetting);
    clearTimeout(this.telling);
  }

  take(credentialId: string): RateDecision {
    const now = Date.now();
    const window = this.windowOf(credentialId, now);
    const allowed = window.take();
    if (allowed) {
      this.toTell.add(credentialId);
      this.tellSoon();
    }
    const { limit, remaining, endsAt } = window;
    return { allowed, limit, remaining, resetSeconds: Math.max(1, Math.ceil((endsAt - now) / 1_000)) };
  }

  private windowOf(credentialId: string, now: number): RateWindow {
    const present = this.windows.get(credentialId);
    if (present !== undefined && present.endsAt > now) return present;
    const window = new RateWindow(this.config.requestsPerMinute, now + WINDOW_MS);
    this.windows.set(credentialId, window);
    return window;
  }

  private tellSoon(): void {
    this.telling ??= setTimeout(() => void this.tellAll(), TELL_EVERY_MS);
  }

  /** One round at a time: what is on its way to Redis is not counted twice, nor left out. */
  private async tellAll(): Promise<void> {
    const ids = [...this.toTell];
    this.toTell.clear();
    await Promise.all(ids.map((id) => this.tell(id)));
    this.telling = undefined;
    if (this.toTell.size > 0) this.tellSoon();
  }

  private async tell(credentialId: string): Promise<void> {
    const window = this.windows.get(credentialId);
    if (window === undefined) return;
    const told = window.tell();
    try {
      const { consumedPoints, msBeforeNext } = await this.counter.penalty(credentialId, told);
      window.learn(consumedPoints, Date.now() + msBeforeNext);
      this.noteRedis(null);
    } catch (error) {
      window.keepToTell(told);
      this.noteRedis(error as Error);
    }
  }

  /** Says once that each process counts by itself now, and once that they count together again. */
  private noteRedis(error: Error | null): void {
    if ((error !== null) === this.redisIsAway) return;
    this.redisIsAway = error !== null;
    if (error === null) this.logger.log('requests are counted together with the other processes again');
    else this.logger.warn(`requests are counted in this process alone: ${error.message}`);
  }

  private forget(): void {
    const now = Date.now();
    for (const [id, window] of this.windows) if (window.endsAt <= now) this.windows.delete(id);
  }
}
