import { LimitsConfig, RedisConfig } from '@nexos/config';
import { FAST_REDIS } from '@nexos/queue';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { RateWindow } from './rate-window.js';

const WINDOW_SECONDS = 60;
const WINDOW_MS = WINDOW_SECONDS * 1_000;
/** How often each process reports its counts to the others. */
const REPORT_INTERVAL_MS = 100;
/** How often it tries to while Redis is unreachable. */
const RETRY_INTERVAL_MS = 1_000;

/** The decision on one request, and what is left of the limit. */
export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the full limit is available again. */
  readonly resetSeconds: number;
}

/**
 * Counts the requests of each credential across all API processes. Decides on local knowledge and never waits for Redis;
 * every 100 ms, reports each credential in use to the others with one command. A caller can therefore exceed the limit
 * only by what each process admits in that time. While Redis is unreachable, each process counts alone, and reports what it
 * counted once Redis is back.
 */
@Injectable()
export class RateLimits implements OnApplicationShutdown {
  private readonly logger = new Logger(RateLimits.name);
  private readonly windows = new Map<string, RateWindow>();
  private readonly unreported = new Set<string>();
  private readonly counter: RateLimiterRedis;
  private readonly cleanupTimer: NodeJS.Timeout;
  private reportTimer: NodeJS.Timeout | undefined;
  private isRedisUnreachable = false;

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
    this.cleanupTimer = setInterval(() => this.removeExpired(), WINDOW_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.cleanupTimer);
    clearTimeout(this.reportTimer);
  }

  take(credentialId: string): RateDecision {
    const now = Date.now();
    const window = this.windowOf(credentialId, now);
    const allowed = window.take();
    if (allowed) {
      this.unreported.add(credentialId);
      this.scheduleReport();
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

  private scheduleReport(): void {
    const interval = this.isRedisUnreachable ? RETRY_INTERVAL_MS : REPORT_INTERVAL_MS;
    this.reportTimer ??= setTimeout(() => void this.reportAll(), interval).unref();
  }

  /** Runs one round at a time, so that counts on their way to Redis are neither repeated nor lost. */
  private async reportAll(): Promise<void> {
    const ids = [...this.unreported];
    this.unreported.clear();
    await Promise.all(ids.map((id) => this.report(id)));
    this.reportTimer = undefined;
    if (this.unreported.size > 0) this.scheduleReport();
  }

  private async report(credentialId: string): Promise<void> {
    const window = this.windows.get(credentialId);
    if (window === undefined || window.endsAt <= Date.now()) return;
    const count = window.takeUnreported();
    try {
      const { consumedPoints, msBeforeNext } = await this.counter.penalty(credentialId, count);
      window.synchronize(consumedPoints, Date.now() + msBeforeNext);
      this.reportRedis(null);
    } catch (error) {
      window.addUnreported(count);
      this.unreported.add(credentialId);
      this.reportRedis(error as Error);
    }
  }

  /** Logs once when this process starts to count alone, and once when it counts with the others again. */
  private reportRedis(error: Error | null): void {
    if ((error !== null) === this.isRedisUnreachable) return;
    this.isRedisUnreachable = error !== null;
    if (error === null) this.logger.log('rate limits apply across all processes again');
    else this.logger.warn(`rate limits apply per process only, since Redis failed: ${error.message}`);
  }

  private removeExpired(): void {
    const now = Date.now();
    for (const [id, window] of this.windows) if (window.endsAt <= now) this.windows.delete(id);
  }
}
