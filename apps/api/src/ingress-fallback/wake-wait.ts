import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { RoutesRepository } from '@nexos/state';

/** How often all that are waited for are looked at, with one query however many requests wait. */
const LOOK_EVERY_MS = 50;
/** How long the database is left alone after a look that failed. */
const LOOK_AGAIN_MS = 1_000;
/** How long a request is held; the ingress waits for a little longer. */
const HELD_FOR_MS = 60_000;
/** Each holds a connection of the ingress, which has 8,000 for all environments. */
const MAX_HELD = 500;
const MAX_HELD_OF_ONE = 50;

/** `over`: there is something to tell; `late`: not within a minute; `full`: too many wait already. */
export type WaitEnd = 'over' | 'late' | 'full';

type End = (how: WaitEnd) => void;

/** Holds requests until the environment that they woke answers, or is not to any more. */
@Injectable()
export class WakeWait implements BeforeApplicationShutdown {
  private readonly logger = new Logger(WakeWait.name);
  private readonly held = new Map<string, Set<End>>();
  private count = 0;
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(private readonly routes: RoutesRepository) {}

  /** Nobody is held while the process ends: they are told to try again. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    clearTimeout(this.timer);
    for (const id of [...this.held.keys()]) this.endAll(id, 'late');
  }

  /** @param gone aborted when the client has gone; `over` then */
  async until(environmentId: string, gone: AbortSignal): Promise<WaitEnd> {
    const waiting = this.held.get(environmentId) ?? new Set<End>();
    if (this.count >= MAX_HELD || waiting.size >= MAX_HELD_OF_ONE) return 'full';
    if (gone.aborted) return 'over';
    if (this.isStopping) return 'late';
    this.held.set(environmentId, waiting);
    this.count++;
    this.turnSoon();
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
      const deadline = setTimeout(() => end('late'), HELD_FOR_MS);
      gone.addEventListener('abort', leave);
      waiting.add(end);
    });
  }

  private endAll(environmentId: string, how: WaitEnd): void {
    for (const end of [...(this.held.get(environmentId) ?? [])]) end(how);
  }

  private turnSoon(delayMs = LOOK_EVERY_MS): void {
    this.timer ??= setTimeout(() => void this.turn(), delayMs);
  }

  /** Never twice at once. A query that fails is made again; each wait has its own end. */
  private async turn(): Promise<void> {
    const delayMs = (await this.look()) ? LOOK_EVERY_MS : LOOK_AGAIN_MS;
    this.timer = undefined;
    if (this.count > 0 && !this.isStopping) this.turnSoon(delayMs);
  }

  private async look(): Promise<boolean> {
    if (this.count === 0) return true;
    try {
      const awoken = await this.routes.findAwoken([...this.held.keys()]);
      for (const id of awoken) this.endAll(id, 'over');
      return true;
    } catch (error) {
      this.logger.warn(`could not look at ${this.held.size} environment(s): ${(error as Error).message}`);
      return false;
    }
  }
}
