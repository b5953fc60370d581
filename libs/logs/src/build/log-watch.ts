import { EventEmitter, once } from 'node:events';
import { withDeadline } from '@nexos/config';
import type { Redis } from 'ioredis';
import { logChannel } from './log-keys.js';

/**
 * Wakes watchers of logs. One subscriber connection serves all watchers of a process, and stays subscribed to a log
 * while it has a watcher.
 */
export class LogWatch {
  private readonly events = new EventEmitter().setMaxListeners(0);
  private readonly watched = new Map<string, { watchers: number; messages: number }>();

  constructor(
    private readonly subscriber: Redis,
    private readonly prefix: string,
  ) {
    // Redis does not know of subscriptions made while it was unreachable.
    subscriber.on('ready', () => {
      if (this.watched.size > 0) subscriber.subscribe(...this.watched.keys()).catch(lostConnection);
    });
    subscriber.on('message', (channel: string, message: string) => {
      const watched = this.watched.get(channel);
      if (watched !== undefined) watched.messages++;
      this.events.emit(channel, message);
    });
  }

  /**
   * Runs `body` with a function that resolves once the log has changed since its last call, or after `fallbackMs` at
   * the latest: wake-ups may be lost while Redis is unreachable. It returns the different messages about changes, none
   * after `fallbackMs`. The second function counts the changes so far: watchers that know the same number may share
   * what they read next.
   *
   * @param ownerId the id of a deployment or an execution, or of an environment for its app's output
   */
  async watch<T>(
    ownerId: string,
    fallbackMs: number,
    signal: AbortSignal,
    body: (nextChange: () => Promise<ReadonlySet<string>>, changes: () => number) => Promise<T>,
  ): Promise<T> {
    const channel = logChannel(this.prefix, ownerId);
    const changes = () => this.watched.get(channel)?.messages ?? 0;
    let messages = new Set<string>();
    const wake = (message: string) => messages.add(message);
    this.events.on(channel, wake);
    await this.join(channel);
    try {
      return await body(async () => {
        if (messages.size === 0) await this.changeOrTimeout(channel, fallbackMs, signal);
        const received = messages;
        messages = new Set();
        return received;
      }, changes);
    } finally {
      this.events.off(channel, wake);
      await this.leave(channel);
    }
  }

  private async changeOrTimeout(channel: string, fallbackMs: number, signal: AbortSignal): Promise<void> {
    const either = withDeadline(signal, fallbackMs);
    await once(this.events, channel, { signal: either }).catch((error: unknown) => {
      if (!either.aborted) throw error;
    });
  }

  private async join(channel: string): Promise<void> {
    const watched = this.watched.get(channel);
    if (watched !== undefined) {
      watched.watchers++;
      return;
    }
    this.watched.set(channel, { watchers: 1, messages: 0 });
    await this.subscriber.subscribe(channel).catch(lostConnection);
  }

  private async leave(channel: string): Promise<void> {
    const watched = this.watched.get(channel);
    if (watched === undefined || --watched.watchers > 0) return;
    this.watched.delete(channel);
    await this.subscriber.unsubscribe(channel).catch(lostConnection);
  }
}

/** Ignores an unreachable Redis: the connection subscribes again once it is back; until then the fallback applies. */
function lostConnection(): void {
  return undefined;
}
