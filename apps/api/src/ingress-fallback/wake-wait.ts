import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { RoutesRepository } from '@nexos/state';

/** How often to check all awaited environments, with one query however many requests wait. */
const POLL_MS = 50;
/** How long to back off after a failed query. */
const BACKOFF_MS = 1_000;
/** How long a request is held; the ingress waits slightly longer. */
const MAX_HOLD_MS = 60_000;
/** Each held request occupies a connection of the ingress, which has 8,000 for all environments. */
const MAX_HELD = 500;
const MAX_HELD_PER_ENVIRONMENT = 50;

/** `over`: the state has changed; `late`: it did not change within a minute; `full`: too many are waiting. */
export type WaitEnd = 'over' | 'late' | 'full';

type End = (how: WaitEnd) => void;

/** Holds requests until the environment that they woke is up, or should no longer be. */
@Injectable()
export class WakeWait implements BeforeApplicationShutdown {
  private readonly logger = new Logger(WakeWait.name);
  private readonly held = new Map<string, Set<End>>();
  private count = 0;
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(private readonly routes: RoutesRepository) {}

  /** Ends all waits on shutdown, so that clients try again. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    clearTimeout(this.timer);
    for (const id of [...this.held.keys()]) this.endAll(id, 'late');
  }

  /** @param gone aborted when the client disconnects; the result is then `over` */
  async until(environmentId: string, gone: AbortSignal): Promise<WaitEnd> {
    const waiting = this.held.get(environmentId) ?? new Set<End>();
    if (this.count >= MAX_HELD || waiting.size >= MAX_HELD_PER_ENVIRONMENT) return 'full';
    if (gone.aborted) return 'over';
    if (this.isStopping) return 'late';
    this.held.set(environmentId, waiting);
    this.count++;
    this.schedule();
    return new Promise<WaitEnd>((resolve) => {
      const end: End = (how) => {
        clearTimeout(deadline);
        gone.removeEventListener('abort', leave);
        if (!waiting.delete(end)) return;
        this.count--;
        if (waiting.size === 0) this.held.delete(environmentId);
        resolve(how);
      };
      const leave = () => end('over');
      const deadline = setTimeout(() => end('late'), MAX_HOLD_MS);
      gone.addEventListener('abort', leave);
      waiting.add(end);
    });
  }

  private endAll(environmentId: string, how: WaitEnd): void {
    for (const end of [...(this.held.get(environmentId) ?? [])]) end(how);
  }

  private schedule(delayMs = POLL_MS): void {
    this.timer ??= setTimeout(() => void this.turn(), delayMs);
  }

  /** Runs one query at a time and retries a failed one; each wait has its own deadline. */
  private async turn(): Promise<void> {
    const delayMs = (await this.poll()) ? POLL_MS : BACKOFF_MS;
    this.timer = undefined;
    if (this.count > 0 && !this.isStopping) this.schedule(delayMs);
  }

  private async poll(): Promise<boolean> {
    if (this.count === 0) return true;
    try {
      const awoken = await this.routes.findAwake([...this.held.keys()]);
      for (const id of awoken) this.endAll(id, 'over');
      return true;
    } catch (error) {
      this.logger.warn(
        `could not check whether ${this.held.size} environment(s) are awake: ${(error as Error).message}`,
      );
      return false;
    }
  }
}
