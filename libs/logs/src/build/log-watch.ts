import { EventEmitter, once } from 'node:events';
import type { Redis } from 'ioredis';
import { logChannel } from './log-keys.js';

/**
 * Wakes watchers of logs. One subscriber connection serves all of a process's watchers; it is subscribed to a
 * log for as long as somebody watches it.
 */
export class LogWatch {
  private readonly events = new EventEmitter().setMaxListeners(0);
  private readonly watchers = new Map<string, number>();

  constructor(
    private readonly subscriber: Redis,
    private readonly prefix: string,
  ) {
    // What was asked for while Redis was away, it does not know of.
    subscriber.on('ready', () => {
      if (this.watchers.size > 0) subscriber.subscribe(...this.watchers.keys()).catch(lostConnection);
    });
    subscriber.on('message', (channel: string) => this.events.emit(channel));
  }

  /**
   * Runs `body` with a function that resolves when something happened to the log since it was last called,
   * or after `fallbackMs` at the latest: a wake-up may be lost while Redis is away.
   *
   * @param ownerId of a deployment or an execution, or of an environment for what its app writes
   */
  async watch<T>(
    ownerId: string,
    fallbackMs: number,
    signal: AbortSignal,
    body: (nextChange: () => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const channel = logChannel(this.prefix, ownerId);
    let woken = false;
    const wake = () => {
      woken = true;
    };
    this.events.on(channel, wake);
    await this.join(channel);
    try {
      return await body(async () => {
        if (!woken) await this.changeOrTimeout(channel, fallbackMs, signal);
        woken = false;
      });
    } finally {
      this.events.off(channel, wake);
      await this.leave(channel);
    }
  }

  private async changeOrTimeout(channel: string, fallbackMs: number, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, AbortSignal.timeout(fallbackMs)]);
    await once(this.events, channel, { signal: either }).catch((error: unknown) => {
      if (!either.aborted) throw error;
    });
  }

  private async join(channel: string): Promise<void> {
    const before = this.watchers.get(channel) ?? 0;
    this.watchers.set(channel, before + 1);
    if (before === 0) await this.subscriber.subscribe(channel).catch(lostConnection);
  }

  private async leave(channel: string): Promise<void> {
    const left = (this.watchers.get(channel) ?? 1) - 1;
    if (left > 0) {
      this.watchers.set(channel, left);
      return;
    }
    this.watchers.delete(channel);
    await this.subscriber.unsubscribe(channel).catch(lostConnection);
  }
}

/** Redis is away: the connection subscribes again when it is back, and until then the fallback serves. */
function lostConnection(): void {
  return undefined;
}
