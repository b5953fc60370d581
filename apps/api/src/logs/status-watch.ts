import { LogWatch } from '@nexos/logs';
import { LogsRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** How often all that is waited for is looked at even if no wake-up came. */
const LOOK_EVERY_MS = 1_000;
/** Wake-ups of this long are looked after together: each batch of a log's lines is one. */
const WAKE_UPS_TOGETHER_MS = 50;
/** Longer than anybody waits: wake-ups that get lost are what looking at all is for. */
const NO_FALLBACK_MS = 600_000;

interface Waiter {
  /** The status that is not waited for. */
  readonly seen: string;
  readonly done: () => void;
}

/** A deployment or an execution that somebody waits for. */
interface Watched {
  readonly waiters: Set<Waiter>;
  readonly nobodyLeft: AbortController;
}

/**
 * Tells when the statuses of deployments and executions change. However many wait and for however many, one query a second
 * looks at all of them, and one more, at most every 50 ms, at those that were woken.
 */
@Injectable()
export class StatusWatch {
  private readonly logger = new Logger(StatusWatch.name);
  private readonly watched = new Map<string, Watched>();
  private readonly woken = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private turnAt = Infinity;
  private looking = false;
  private lookAtAllAt = 0;

  constructor(
    private readonly logs: LogsRepository,
    private readonly watch: LogWatch,
  ) {}

  /** Resolves when it has another status than the one that was seen, or when the signal is aborted. */
  async change(id: string, seen: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const watched = this.watched.get(id) ?? this.begin(id);
    // The status may have changed before anybody listened.
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
    if (watched.waiters.size > 0 || watched.nobodyLeft.signal.aborted) return;
    watched.nobodyLeft.abort();
    this.watched.delete(id);
  }

  private begin(id: string): Watched {
    const nobodyLeft = new AbortController();
    const watched: Watched = { waiters: new Set(), nobodyLeft };
    this.watched.set(id, watched);
    const { signal } = nobodyLeft;
    this.watch
      .watch(id, NO_FALLBACK_MS, signal, async (nextWakeUp) => {
        for (;;) {
          await nextWakeUp();
          if (signal.aborted) return;
          this.wake(id);
        }
      })
      .catch((error: unknown) => {
        this.logger.warn(`nobody wakes those who wait for ${id}: ${(error as Error).message}`);
      });
    return watched;
  }

  private wake(id: string): void {
    this.woken.add(id);
    if (!this.looking) this.turnIn(WAKE_UPS_TOGETHER_MS);
  }

  private turnIn(delayMs: number): void {
    const at = Date.now() + delayMs;
    if (at >= this.turnAt) return;
    clearTimeout(this.timer);
    this.turnAt = at;
    this.timer = setTimeout(() => void this.turn(), delayMs);
  }

  /** Never twice at once: a database that is slow is not asked more often for it. */
  private async turn(): Promise<void> {
    this.turnAt = Infinity;
    this.looking = true;
    const now = Date.now();
    const all = now >= this.lookAtAllAt;
    if (all) this.lookAtAllAt = now + LOOK_EVERY_MS;
    const ids = [...(all ? this.watched.keys() : this.woken)];
    this.woken.clear();
    await this.look(ids);
    this.looking = false;
    if (this.watched.size === 0) return;
    this.turnIn(this.woken.size > 0 ? WAKE_UPS_TOGETHER_MS : Math.max(1, this.lookAtAllAt - Date.now()));
  }

  /** A query that fails is made again at the next turn; each wait has its own end. */
  private async look(ids: string[]): Promise<void> {
    // A timer may fire a moment early, before it is time to look at all of them.
    if (ids.length === 0) return;
    try {
      const rows = await this.logs.statusesOf(ids);
      for (const { id, status } of rows) {
        for (const { seen, done } of this.watched.get(id)?.waiters ?? []) if (seen !== status) done();
      }
    } catch (error) {
      this.logger.warn(`could not look at ${ids.length} status(es): ${(error as Error).message}`);
    }
  }
}
