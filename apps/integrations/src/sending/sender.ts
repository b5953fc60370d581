import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';

/** What is being sent has that long to end when the process stops. */
const GRACE_MS = 3_000;

interface Limits {
  /** How many one process sends at the same time. Waiting for a response takes no connection to Postgres. */
  readonly atOnce: number;
  /** Those of one group among them, so that receivers that do not answer leave room for others. */
  readonly atOnceOfGroup: number;
}

/**
 * Claims what waits and sends it, outside the slots of the queue, so that nothing waits for a slow receiver. Postgres says
 * what waits. Safe to run in several processes.
 */
export abstract class Sender<Claimed extends { readonly id: string }> implements BeforeApplicationShutdown {
  protected readonly logger: Logger;
  private readonly stopping = new AbortController();
  private isStopping = false;
  /** What to claim for, in this order. */
  private readonly waiting = new Set<string>();
  private readonly running = new Map<Promise<void>, Claimed>();
  private isClaiming = false;
  private claims = Promise.resolve();

  protected constructor(private readonly limits: Limits) {
    this.logger = new Logger(new.target.name);
  }

  /** Claims for this key soon, and sends what that gives. */
  wake(key: string): void {
    this.waiting.add(key);
    if (!this.isClaiming) this.claims = this.claimAll();
  }

  /** Claims no more, and waits for what is being sent; after a while, hands it back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.claims;
    const grace = setTimeout(() => {
      this.stopping.abort(new Error('the process is stopping'));
    }, GRACE_MS);
    await Promise.all(this.running.keys());
    clearTimeout(grace);
  }

  /** @param busyGroups groups that get nothing more for now */
  protected abstract claim(key: string, busyGroups: readonly string[]): Promise<Claimed | null>;

  protected abstract send(claimed: Claimed, stopping: AbortSignal): Promise<void>;

  /** Returns what limits sending; null if nothing but the limit of the process does. */
  protected abstract groupOf(claimed: Claimed): string | null;

  /** Called after a claim that gave something. */
  protected onClaimed?(key: string): void;

  /** Called after a claim that gave nothing. */
  protected onNothing?(key: string, hadBusyGroups: boolean): void;

  /** Called when something has been sent. */
  protected onEnded?(): void;

  /** Has a key claimed for after all others. */
  protected queue(key: string): void {
    this.waiting.add(key);
  }

  protected busyGroups(): string[] {
    const counts = new Map<string, number>();
    for (const claimed of this.running.values()) {
      const group = this.groupOf(claimed);
      if (group !== null) counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    return [...counts].flatMap(([group, count]) => (count >= this.limits.atOnceOfGroup ? [group] : []));
  }

  /** Claims one at a time, for one key after the other. */
  private async claimAll(): Promise<void> {
    this.isClaiming = true;
    for (const key of this.waiting) {
      if (this.isStopping || this.running.size >= this.limits.atOnce) break;
      this.waiting.delete(key);
      const busy = this.busyGroups();
      const claimed = await this.tryToClaim(key, busy);
      if (claimed === null) {
        this.onNothing?.(key, busy.length > 0);
        continue;
      }
      this.onClaimed?.(key);
      const work = this.tryToSend(claimed).finally(() => {
        this.running.delete(work);
        this.onEnded?.();
        // There may be more by now.
        this.wake(key);
      });
      this.running.set(work, claimed);
    }
    this.isClaiming = false;
  }

  private async tryToClaim(key: string, busyGroups: readonly string[]): Promise<Claimed | null> {
    try {
      return await this.claim(key, busyGroups);
    } catch (error) {
      // A sweep finds it again.
      this.logger.warn(`could not claim for ${key}: ${(error as Error).message}`);
      return null;
    }
  }

  private async tryToSend(claimed: Claimed): Promise<void> {
    try {
      await this.send(claimed, this.stopping.signal);
    } catch (error) {
      // The claim ends by itself, and a sweep finds it.
      this.logger.warn(`${claimed.id} will be sent again: ${(error as Error).message}`);
    }
  }
}
