import { LogWatch } from '@nexos/logs';
import { LogsRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** How often to check everything that is awaited, even without a wake-up. */
const POLL_ALL_MS = 1_000;
/** Wake-ups within this time share one query; each batch of log lines causes one. */
const WAKE_UP_BATCH_MS = 50;
/** Longer than any wait: the regular check covers lost wake-ups. */
const NO_FALLBACK_MS = 600_000;

interface Waiter {
  /** The status that the caller has already seen. */
  readonly seen: string;
  readonly done: () => void;
}

/** A deployment or an execution that is awaited. */
interface Watched {
  readonly waiters: Set<Waiter>;
  readonly abandoned: AbortController;
}

/**
 * Detects changes of status of deployments and executions. However many are awaited, one query per second checks all of
 * them, and one more, at most every 50 ms, checks those that were woken.
 */
@Injectable()
export class StatusWatch {
  private readonly logger = new Logger(StatusWatch.name);
  private readonly watched = new Map<string, Watched>();
  private readonly woken = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private turnAt = Infinity;
  private isPolling = false;
  private pollAllAt = 0;

  constructor(
    private readonly logs: LogsRepository,
    private readonly watch: LogWatch,
  ) {}

  /** Resolves when the status differs from the one that was seen, or when the signal is aborted. */
  async change(id: string, seen: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const watched = this.watched.get(id) ?? this.begin(id);
    // The status may have changed before we subscribed.
    this.wake(id);
    await new Promise<void>((resolve) => {
      const waiter: Waiter = { seen, done };
      function done(): void {
        signal.removeEventListener('abort', done);
        watched.waiters.delete(waiter);
        resolve();
      }
      signal.addEventListener('abort', done);
      watched.waiters.add(waiter);
    });
    if (watched.waiters.size > 0 || watched.abandoned.signal.aborted) return;
    watched.abandoned.abort();
    this.watched.delete(id);
  }

  private begin(id: string): Watched {
    const abandoned = new AbortController();
    const watched: Watched = { waiters: new Set(), abandoned };
    this.watched.set(id, watched);
    const { signal } = abandoned;
    this.watch
      .watch(id, NO_FALLBACK_MS, signal, async (nextWakeUp) => {
        for (;;) {
          await nextWakeUp();
          if (signal.aborted) return;
          this.wake(id);
        }
      })
      .catch((error: unknown) => {
        this.logger.warn(`could not watch the status of ${id}: ${(error as Error).message}`);
      });
    return watched;
  }

  private wake(id: string): void {
    this.woken.add(id);
    if (!this.isPolling) this.schedule(WAKE_UP_BATCH_MS);
  }

  private schedule(delayMs: number): void {
    const at = Date.now() + delayMs;
    if (at >= this.turnAt) return;
    clearTimeout(this.timer);
    this.turnAt = at;
    this.timer = setTimeout(() => void this.turn(), delayMs);
  }

  /** Runs one query at a time, so that a slow database does not get more of them. */
  private async turn(): Promise<void> {
    this.turnAt = Infinity;
    this.isPolling = true;
    const now = Date.now();
    const all = now >= this.pollAllAt;
    if (all) this.pollAllAt = now + POLL_ALL_MS;
    const ids = [...(all ? this.watched.keys() : this.woken)];
    this.woken.clear();
    await this.poll(ids);
    this.isPolling = false;
    if (this.watched.size === 0) return;
    this.schedule(this.woken.size > 0 ? WAKE_UP_BATCH_MS : Math.max(1, this.pollAllAt - Date.now()));
  }

  /** Retries a failed query at the next turn; each wait has its own deadline. */
  private async poll(ids: string[]): Promise<void> {
    // A timer may fire slightly early, before the next check of all.
    if (ids.length === 0) return;
    try {
      const rows = await this.logs.statusesOf(ids);
      for (const { id, status } of rows) {
        for (const { seen, done } of this.watched.get(id)?.waiters ?? []) if (seen !== status) done();
      }
    } catch (error) {
      this.logger.warn(`could not read ${ids.length} status(es): ${(error as Error).message}`);
    }
  }
}
