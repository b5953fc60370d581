import { type LogLine, type LogText } from '@nexos/contracts';
import { type LogsRepository } from '@nexos/state';
import { Logger } from '@nestjs/common';
import type { LiveLog } from './live-log.js';
import { encodeArchive } from './log-codec.js';
import type { Redactor } from './redactor.js';

/** Lines are sent to watchers in batches, this many milliseconds after the first of a batch. */
const BATCH_MS = 40;
const RETRY_MS = 500;
const MAX_BATCH = 500;
/** What a line takes beside its text, so that the limit holds for many short lines too. */
const LINE_BYTES = 24;

export interface LogWriterOptions {
  readonly ownerId: string;
  readonly writer: number;
  readonly redactor: Redactor;
  /** Bytes of text after which the log is cut short. */
  readonly limitBytes: number;
}

/**
 * Writes into a log. All lines are kept in memory until they are archived: a Redis that is away,
 * or comes back empty, costs watchers a moment and no line.
 */
export class LogWriter {
  private readonly logger = new Logger(LogWriter.name);
  private readonly lines: LogLine[] = [];
  private bytes = 0;
  private truncated = false;
  /** Lines and batches that the stream holds. */
  private sent = 0;
  private batches = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly live: LiveLog,
    private readonly logs: LogsRepository,
    private readonly options: LogWriterOptions,
  ) {}

  /** Adds what Nexos itself has to say. */
  say(text: string): void {
    this.append({ stream: 'system', text });
  }

  /** Adds a line, without the secrets in it. Beyond the limit only Nexos's own lines are taken. */
  append({ stream, text }: LogText): void {
    if (this.closed || (this.truncated && stream !== 'system')) return;
    const redacted = this.redact(text).replaceAll('\0', '');
    this.bytes += Buffer.byteLength(redacted) + LINE_BYTES;
    if (this.bytes > this.options.limitBytes && stream !== 'system') {
      this.truncated = true;
      this.push(
        'system',
        `the log is cut short here: it has reached its limit of ${this.options.limitBytes} bytes`,
      );
      return;
    }
    this.push(stream, redacted);
  }

  /** A text without the secrets that the log does not show: for what is told of its owner elsewhere. */
  redact(text: string): string {
    return this.options.redactor.redact(text);
  }

  /** Keeps the lines for good, in the transaction that moves the log's owner on. */
  async archive(): Promise<void> {
    const { ownerId, writer } = this.options;
    await this.logs.archive(ownerId, writer, await encodeArchive(this.lines));
  }

  /**
   * Stops writing.
   *
   * @param kept whether the lines are archived; if not, the live stream stays for whoever writes next to archive it
   */
  async close(kept = true): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.sending;
    try {
      await this.send();
      if (kept) await this.live.finish(this.options.ownerId, this.options.writer);
    } catch (error) {
      this.logger.warn(`the live log of ${this.options.ownerId} was not ended: ${(error as Error).message}`);
    }
  }

  private push(stream: LogLine['stream'], text: string): void {
    const { writer } = this.options;
    const sequence = this.lines.length + 1;
    this.lines.push({ writer, sequence, time: new Date().toISOString(), stream, text });
    this.schedule(BATCH_MS);
  }

  private schedule(delay: number): void {
    if (this.timer !== undefined || this.closed) return;
    this.timer = setTimeout(() => {
      this.sending = this.send().then(
        () => this.next(BATCH_MS),
        (error: unknown) => {
          this.logger.warn(`watchers of ${this.options.ownerId} wait: ${(error as Error).message}`);
          this.next(RETRY_MS);
        },
      );
    }, delay);
  }

  private next(delay: number): void {
    this.timer = undefined;
    if (this.sent < this.lines.length) this.schedule(delay);
  }

  private async send(): Promise<void> {
    while (this.sent < this.lines.length) {
      const batch = this.lines.slice(this.sent, this.sent + MAX_BATCH);
      if (await this.live.append(this.options.ownerId, batch, this.batches)) {
        this.sent += batch.length;
        this.batches++;
      } else {
        await this.live.clear(this.options.ownerId, this.options.writer);
        this.sent = 0;
        this.batches = 0;
      }
    }
  }
}
