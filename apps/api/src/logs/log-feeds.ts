import { EventEmitter, once } from 'node:events';
import { isDatabaseUnavailable } from '@nexos/database';
import { BuildLog, linesMessage, LogWatch, type LogView } from '@nexos/logs';
import { Injectable, Logger } from '@nestjs/common';
import type { LogSource } from './log-source.js';

/** How often to check a log even without a wake-up. */
const FALLBACK_MS = 2_000;

/** What the followers of a log know of it. */
export interface LogState {
  readonly view: LogView;
  /** For the `end` event. */
  readonly state: object;
  /** Whether the lines in `view` are all that there will be. */
  readonly isComplete: boolean;
}

/** Follows the state of one log for all its followers. */
class LogFeed {
  private readonly changes = new EventEmitter().setMaxListeners(0);
  private readonly stopping = new AbortController();
  private current: LogState | undefined;
  private failure: Error | undefined;
  private looks = 0;
  followers = 0;

  constructor(
    private readonly source: LogSource,
    private readonly log: BuildLog,
    private readonly logger: Logger,
  ) {}

  /** Follows the log until all its followers have left. */
  async run(watch: LogWatch): Promise<void> {
    const { signal } = this.stopping;
    try {
      await watch.watch(this.source.id, FALLBACK_MS, signal, async (nextChange) => {
        let messages: ReadonlySet<string> = new Set();
        while (!signal.aborted) {
          await this.look(messages);
          this.changes.emit('change');
          messages = await nextChange();
        }
      });
    } catch (error) {
      this.failure = error as Error;
      this.changes.emit('change');
    }
  }

  stop(): void {
    this.stopping.abort();
  }

  /**
   * Resolves when the log may have changed since the given state; with null when the signal is aborted.
   *
   * @param seen undefined for the present state
   */
  async next(seen: LogState | undefined, signal: AbortSignal): Promise<LogState | null> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure;
      if (signal.aborted) return null;
      if (this.current !== undefined && this.current !== seen) return this.current;
      await once(this.changes, 'change', { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  }

  /** Reads the state before the writers, so that the writers of a complete log include the last one. */
  private async look(messages: ReadonlySet<string>): Promise<void> {
    const { id, progress } = this.source;
    this.looks++;
    if (this.current !== undefined && isOnlyLines(messages, this.current.view.writers)) {
      this.current = { ...this.current, view: { ...this.current.view, look: this.looks } };
      return;
    }
    try {
      const { state, ended } = await progress();
      const isComplete = ended && (await this.log.reader.isComplete(id));
      this.current = { state, isComplete, view: await this.log.reader.view(id, this.looks) };
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      this.logger.warn(`could not read the state of ${id}; retrying: ${(error as Error).message}`);
    }
  }
}

/** Shares one reader of a log's state among all its followers in this process. */
@Injectable()
export class LogFeeds {
  private readonly logger = new Logger(LogFeeds.name);
  private readonly feeds = new Map<string, LogFeed>();

  constructor(
    private readonly log: BuildLog,
    private readonly watch: LogWatch,
  ) {}

  /** Runs `body` with a function that resolves with each next state of the log, and with null after an abort. */
  async follow(
    source: LogSource,
    signal: AbortSignal,
    body: (next: () => Promise<LogState | null>) => Promise<void>,
  ): Promise<void> {
    const feed = this.feeds.get(source.id) ?? this.begin(source);
    feed.followers++;
    let seen: LogState | undefined;
    try {
      await body(async () => {
        const state = await feed.next(seen, signal);
        seen = state ?? seen;
        return state;
      });
    } finally {
      feed.followers--;
      if (feed.followers === 0) this.end(source.id, feed);
    }
  }

  private begin(source: LogSource): LogFeed {
    const feed = new LogFeed(source, this.log, this.logger);
    this.feeds.set(source.id, feed);
    // A feed that failed cannot serve later followers.
    void feed.run(this.watch).then(() => this.end(source.id, feed));
    return feed;
  }

  private end(id: string, feed: LogFeed): void {
    feed.stop();
    if (this.feeds.get(id) === feed) this.feeds.delete(id);
  }
}

/** Reports whether the messages are only about new lines of known writers, so that nothing else has changed. */
function isOnlyLines(messages: ReadonlySet<string>, writers: number): boolean {
  if (messages.size === 0) return false;
  const known = new Set(Array.from({ length: writers }, (_, index) => linesMessage(index + 1)));
  return [...messages].every((message) => known.has(message));
}
