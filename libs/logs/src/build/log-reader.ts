import { type LogCursor, type LogLine } from '@nexos/contracts';
import { type LogsRepository } from '@nexos/state';
import { LRUCache } from 'lru-cache';
import type { LiveLog } from './live-log.js';
import { decodeLine, unpackArchive } from './log-codec.js';

const MAX_UNPACKED = 4;
/** A builder notices within a second or two that its build is over, and then writes its last lines. */
const LAST_LINES_MS = 15_000;

/** The live part of a log is unavailable until Redis is back. */
export class LogUnavailableError extends Error {
  constructor(options: { cause: unknown }) {
    super('the live part of the log cannot be read: Redis is unreachable', options);
    this.name = 'LogUnavailableError';
  }
}

/**
 * Reads a log from a cursor on. Archived and live lines come in one order, so that a client cannot tell them apart.
 */
export class LogReader {
  /** Caches the last few unpacked archives, because a log is read page by page. */
  private readonly unpacked = new LRUCache<string, readonly string[]>({ max: MAX_UNPACKED });

  constructor(
    private readonly logs: LogsRepository,
    private readonly live: LiveLog,
  ) {}

  /** Returns up to `limit` lines after the cursor. Fewer do not mean that the log has ended. */
  async read(ownerId: string, after: LogCursor, limit: number): Promise<LogLine[]> {
    const writers = await this.logs.countWriters(ownerId);
    const lines: LogLine[] = [];
    for (let writer = Math.max(after.writer, 1); writer <= writers; writer++) {
      const sequence = writer === after.writer ? after.sequence : 0;
      lines.push(...(await this.readWriter(ownerId, { writer, sequence }, limit - lines.length)));
      if (lines.length >= limit) break;
    }
    return lines.slice(0, limit);
  }

  /**
   * Reports whether a cursor may come from this log: it is the start, or names any line of an existing writer. Any
   * line number counts, because Redis may have lost lines that were read and never archived.
   */
  async has(ownerId: string, { writer, sequence }: LogCursor): Promise<boolean> {
    if (writer === 0 || sequence === 0) return writer === sequence;
    return writer <= (await this.logs.countWriters(ownerId));
  }

  /**
   * Reports whether the log of an ended deployment or execution is complete. A writer that has not finished 15 s
   * after the end counts as dead.
   */
  async isComplete(ownerId: string): Promise<boolean> {
    return this.logs.isComplete(ownerId, LAST_LINES_MS);
  }

  /** Reads the archive first: a stream expires only some time after its lines were archived. */
  private async readWriter(ownerId: string, after: LogCursor, limit: number): Promise<LogLine[]> {
    const archived = await this.archiveOf(ownerId, after.writer);
    // A writer numbers its lines from 1 without gaps, so a line's number is its position.
    if (archived !== null) return archived.slice(after.sequence, after.sequence + limit).map(decodeLine);
    try {
      return await this.live.read(ownerId, after.writer, after.sequence, limit);
    } catch (error) {
      throw new LogUnavailableError({ cause: error });
    }
  }

  private async archiveOf(ownerId: string, writer: number): Promise<readonly string[] | null> {
    const key = `${ownerId}/${writer}`;
    const known = this.unpacked.get(key);
    if (known !== undefined) return known;
    const content = await this.logs.findArchive(ownerId, writer);
    if (content === null) return null;
    const lines = await unpackArchive(content);
    this.unpacked.set(key, lines);
    return lines;
  }
}
