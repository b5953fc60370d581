import { EventEmitter, once } from 'node:events';
import type { Redis } from 'ioredis';
import { logChannel } from './log-keys.js';

/**
 * Wakes watchers of logs. One subscriber connection serves all watchers of a process, and stays subscribed to a log
 * while it has a watcher.
 */
export class LogWatch {
  private readonly events = new EventEmitter().setMaxListeners(0);
  private readonly watchers = new Map<string, number>();

  constructor(
    private readonly subscriber: Redis,
    private readonly prefix: string,
  ) {
    // Redis does not know of subscriptions made while it was unreachable.
    subscriber.on('ready', () => {
      if (this.watchers.size > 0) subscriber.subscribe(...this.watchers.keys()).catch(lostConnection);
    });
    subscriber.on('message', (channel: string) => this.events.emit(channel));
  }

  /**
   * Runs `body` with a function that resolves once the log has changed since its last call, or after `fallbackMs` at
   * the latest: wake-ups may be lost while Redis is unreachable.
   *
   * @param ownerId the id of a deployment or an execution, or of an environment for its app's output
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

/** Ignores an unreachable Redis: the connection subscribes again once it is back; until then the fallback applies. */
function lostConnection(): void {
  return undefined;
}
