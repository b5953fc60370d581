import { setTimeout as delay } from 'node:timers/promises';
import { LocalContainers } from '@nexos/engine';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ContainerTracker } from './container-tracker.js';

const LIST_EVERY_MS = 60_000;
/** Past events arrive first. They tell what inspecting a container that has ended does not: who stopped it. */
const LIST_AFTER_MS = 300;
/** How far back past events are asked for at the start. */
const PAST_MS = 300_000;
const CHECK_MS = 1_000;
/** A process that was frozen for so long may have missed events: the engine waits for nobody. */
const FROZEN_MS = 5_000;
const FIRST_RETRY_MS = 200;
/** Short, because containers start soon after an engine does. */
const MAX_RETRY_MS = 1_000;

/**
 * Follows the engine's events for the tracker, and lists all containers at the start, after a broken stream, after the
 * process was frozen, and every minute.
 */
@Injectable()
export class EngineWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(EngineWatch.name);
  private readonly stopping = new AbortController();
  private since = `${BigInt(Date.now() - PAST_MS) * 1_000_000n}`;
  private running: Promise<void> = Promise.resolve();
  private current = false;

  constructor(
    private readonly containers: LocalContainers,
    private readonly tracker: ContainerTracker,
  ) {}

  /** Whether the tracker knows the present state of the machine. */
  get isCurrent(): boolean {
    return this.current;
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      try {
        await this.follow(() => (retryMs = FIRST_RETRY_MS));
      } catch (error) {
        if (!this.isStopping())
          this.logger.warn(`the engine's events were interrupted: ${(error as Error).message}`);
      }
      this.current = false;
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
      retryMs = Math.min(2 * retryMs, MAX_RETRY_MS);
    }
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Follows the events until the stream breaks or a listing fails. */
  private async follow(listed: () => void): Promise<void> {
    const broken = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, broken.signal]);
    let listing: Promise<void> = Promise.resolve();
    let handling: Promise<void> = Promise.resolve();
    const events = this.containers.events(this.since, signal, () => {
      listing = this.listPeriodically(signal, listed).catch((error: unknown) => broken.abort(error));
    });
    try {
      for await (const event of events) {
        this.since = event.nanoseconds;
        // The next event is read at once: what is created must be known before it starts.
        const handled = this.tracker.handle(event).catch((error: unknown) => broken.abort(error));
        handling = handling.then(() => handled);
      }
      throw new Error('the stream ended');
    } catch (error) {
      throw broken.signal.aborted ? broken.signal.reason : error;
    } finally {
      broken.abort();
      await listing;
      await handling;
    }
  }

  private async listPeriodically(signal: AbortSignal, listed: () => void): Promise<void> {
    await delay(LIST_AFTER_MS, undefined, { signal });
    let listedAt = -Infinity;
    for (let checkedAt = performance.now(); !signal.aborted;) {
      const now = performance.now();
      const wasFrozen = now - checkedAt > FROZEN_MS;
      if (wasFrozen || now - listedAt >= LIST_EVERY_MS) {
        await this.tracker.list();
        this.current = true;
        listedAt = performance.now();
        listed();
      }
      checkedAt = performance.now();
      await delay(CHECK_MS, undefined, { signal });
    }
  }
}
