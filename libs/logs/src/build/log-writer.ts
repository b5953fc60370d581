import { type LogLine, type LogText } from '@nexos/contracts';
import { type LogsRepository } from '@nexos/state';
import { Logger } from '@nestjs/common';
import type { LiveLog } from './live-log.js';
import { encodeArchive, FRAME_BYTES } from './log-codec.js';
import type { Redactor } from './redactor.js';

/** Milliseconds from the first line of a batch until the batch is sent to watchers. */
const BATCH_MS = 40;
const RETRY_MS = 500;
const MAX_BATCH = 500;
/** The overhead of a line in addition to its text, so that the limit also bounds many short lines. */
const LINE_BYTES = 24;

export interface LogWriterOptions {
  readonly ownerId: string;
  readonly writer: number;
  readonly redactor: Redactor;
  /** Bytes after which the log is truncated. */
  readonly limitBytes: number;
}

/**
 * Writes to a log. Keeps all lines in memory until they are archived: if Redis is unreachable or loses its data,
 * watchers see a delay but miss no lines.
 */
export class LogWriter {
  private readonly logger = new Logger(LogWriter.name);
  private readonly lines: LogLine[] = [];
  private bytes = 0;
  private truncated = false;
  /** The number of lines in the stream. */
  private sent = 0;
  /** The number of batches in the stream. */
  private batches = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly live: LiveLog,
    private readonly logs: LogsRepository,
    private readonly options: LogWriterOptions,
  ) {}

  /** Adds a line from Nexos itself, as it is: redact what it quotes. */
  note(text: string): void {
    if (!this.closed) this.add('system', text);
  }

  /** Adds a line, with its secrets redacted. Beyond the limit, accepts only Nexos's own lines. */
  append({ stream, text }: LogText): void {
    if (this.closed || (this.truncated && stream !== 'system')) return;
    this.add(stream, this.redact(text));
  }

  /** Redacts these secrets too, from now on. */
  redactAlso(secrets: readonly string[]): void {
    this.options.redactor.add(secrets);
  }

  private add(stream: LogText['stream'], line: string): void {
    const text = line.replaceAll('\0', '');
    this.bytes += Buffer.byteLength(text) + LINE_BYTES;
    if (this.bytes > this.options.limitBytes && stream !== 'system') {
      this.truncated = true;
      this.push(
        'system',
        `the log is cut short here: it has reached its limit of ${this.options.limitBytes} bytes`,
      );
      return;
    }
    this.push(stream, text);
  }

  /** Redacts the log's secrets from a text shown elsewhere. */
  redact(text: string): string {
    return this.options.redactor.redact(text);
  }

  /** Archives the lines, in the transaction that changes the status of the log's owner. */
  async archive(): Promise<void> {
    const { ownerId, writer } = this.options;
    await this.logs.archive(ownerId, writer, await encodeArchive(this.lines));
  }

  /**
   * Stops writing.
   *
   * @param kept whether the lines are archived; if not, the live stream stays for the next writer to archive
   */
  async close(kept = true): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.sending;
    try {
      await this.send();
      if (kept) await this.live.finish(this.options.ownerId, this.options.writer);
    } catch (error) {
      this.logger.warn(
        `could not close the live log of ${this.options.ownerId}: ${(error as Error).message}`,
      );
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
          this.logger.warn(
            `could not send log lines of ${this.options.ownerId}; retrying: ${(error as Error).message}`,
          );
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
      const batch = this.nextBatch();
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

  /** Returns the next lines to send: as many as readers should hold at once. */
  private nextBatch(): LogLine[] {
    let end = this.sent;
    for (
      let bytes = 0;
      end < this.lines.length && end < this.sent + MAX_BATCH && bytes < FRAME_BYTES;
      end++
    ) {
      bytes += (this.lines[end]?.text.length ?? 0) + LINE_BYTES;
    }
    return this.lines.slice(this.sent, end);
  }
}
