import { type LogCursor, type LogLine } from '@nexos/contracts';
import { type LogsRepository } from '@nexos/state';
import { ArchivedLog } from './archived-log.js';
import { after, type LogChunk, LogChunks } from './log-chunks.js';
import type { LiveLog } from './live-log.js';
import { SharedReads } from './shared-reads.js';

/** A builder notices within a second or two that its build is over, and then writes its last lines. */
const LAST_LINES_MS = 15_000;
/** What a line takes in a response besides its text. */
const LINE_BYTES = 120;

/** Lines in Redis cannot be read until it answers again. */
export class LogUnavailableError extends Error {
  constructor({ cause }: { cause: unknown }) {
    super(`the log cannot be read from Redis: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = 'LogUnavailableError';
  }
}

/** What a reader knows of a log's writers. */
export interface LogView {
  readonly writers: number;
  readonly archived: ReadonlySet<number>;
  /**
   * How often the reader looked for changes. Readers with the same number share a read of live lines, even if it began
   * a moment ago.
   */
  readonly look: number;
}

/** Lines that were read. */
export interface LogPage {
  readonly lines: LogLine[];
  /** Whether the log had no further lines. */
  readonly isLast: boolean;
  /** About how many bytes the lines take in a response. */
  readonly bytes: number;
}

/**
 * Reads a log from a cursor on. Archived and live lines come in one order, so that a client cannot tell them apart.
 */
export class LogReader {
  private readonly chunks = new LogChunks();
  private readonly archived: ArchivedLog;
  private readonly liveReads = new SharedReads<LogChunk | null>();

  constructor(
    private readonly logs: LogsRepository,
    private readonly live: LiveLog,
  ) {
    this.archived = new ArchivedLog(logs, this.chunks);
  }

  async view(ownerId: string, look = 0): Promise<LogView> {
    const { count, archived } = await this.logs.writersOf(ownerId);
    return { writers: count, archived: new Set(archived), look };
  }

  /**
   * Returns the first lines after the cursor, about 32 KiB; null when there are none at present.
   *
   * @throws {LogUnavailableError}
   */
  async chunk(ownerId: string, view: LogView, cursor: LogCursor): Promise<LogChunk | null> {
    for (let writer = Math.max(cursor.writer, 1); writer <= view.writers; writer++) {
      const sequence = writer === cursor.writer ? cursor.sequence : 0;
      // The archive first: a stream expires only some time after its lines were archived.
      const chunk = view.archived.has(writer)
        ? await this.archived.chunkAfter(ownerId, writer, sequence)
        : await this.liveChunk(ownerId, writer, sequence, view.look);
      if (chunk !== null) return chunk;
    }
    return null;
  }

  /**
   * Returns up to `limit` lines after the cursor. Fewer do not mean that the log has ended.
   *
   * @param maxBytes the page ends after the line that reaches this
   * @throws {LogUnavailableError}
   */
  async read(ownerId: string, cursor: LogCursor, limit: number, maxBytes = Infinity): Promise<LogPage> {
    const view = await this.view(ownerId);
    const lines: LogLine[] = [];
    let bytes = 0;
    for (;;) {
      const chunk = await this.chunk(ownerId, view, lines.at(-1) ?? cursor);
      if (chunk === null) return { lines, bytes, isLast: true };
      for (const line of chunk) {
        lines.push(line);
        bytes += Buffer.byteLength(line.text) + LINE_BYTES;
        if (lines.length === limit || bytes >= maxBytes) return { lines, bytes, isLast: false };
      }
    }
  }

  /** Returns the last archived lines of a log, oldest first. Those of writers that died may be missing. */
  async tail(ownerId: string, count: number): Promise<LogLine[]> {
    const { archived } = await this.logs.writersOf(ownerId);
    let lines: LogLine[] = [];
    for (const writer of [...archived].reverse()) {
      lines = [...(await this.archived.lastLines(ownerId, writer, count - lines.length)), ...lines];
      if (lines.length >= count) break;
    }
    return lines;
  }

  /**
   * Reports whether a cursor may come from this log: it is the start, or names any line of an existing writer. Any
   * line number counts, because Redis may have lost lines that were read and never archived.
   */
  async has(ownerId: string, { writer, sequence }: LogCursor): Promise<boolean> {
    if (writer === 0 || sequence === 0) return writer === sequence;
    return writer <= (await this.logs.writersOf(ownerId)).count;
  }

  /**
   * Reports whether the log of an ended deployment or execution is complete. A writer that has not finished 15 s
   * after the end counts as dead.
   */
  async isComplete(ownerId: string): Promise<boolean> {
    return this.logs.isComplete(ownerId, LAST_LINES_MS);
  }

  private async liveChunk(
    ownerId: string,
    writer: number,
    sequence: number,
    look: number,
  ): Promise<LogChunk | null> {
    const key = `live/${ownerId}/${writer}`;
    const known = this.chunks.get(`${key}/${sequence}`);
    if (known !== undefined) return known;
    return this.liveReads.share(`${key}/${sequence}/${look}`, async () => {
      let chunks: LogChunk[];
      try {
        chunks = await this.live.read(ownerId, writer, sequence);
      } catch (error) {
        throw new LogUnavailableError({ cause: error });
      }
      for (const chunk of chunks) this.chunks.set(`${key}/${(chunk[0]?.sequence ?? 1) - 1}`, chunk);
      return chunks[0] === undefined ? null : after(sequence, chunks[0]);
    });
  }
}
