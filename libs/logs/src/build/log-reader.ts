import { type LogCursor, type LogLine } from '@nexos/contracts';
import { type LogsRepository } from '@nexos/state';
import { LRUCache } from 'lru-cache';
import type { LiveLog } from './live-log.js';
import { decodeLine, unpackArchive } from './log-codec.js';

const UNPACKED_AT_MOST = 4;
/** A builder notices within a second or two that its build is over, and then says so in the log. */
const LAST_LINES_MS = 15_000;

/** What is still being written can be read when Redis is back. */
export class LogUnavailableError extends Error {
  constructor(options: { cause: unknown }) {
    super('the live part of the log cannot be read: Redis is away', options);
    this.name = 'LogUnavailableError';
  }
}

/**
 * Reads a log from a place on: what is archived and what is still being written, in one order,
 * so that a reader cannot tell the two apart.
 */
export class LogReader {
  /** The last few archives stay unpacked: a log is read page by page. */
  private readonly unpacked = new LRUCache<string, readonly string[]>({ max: UNPACKED_AT_MOST });

  constructor(
    private readonly logs: LogsRepository,
    private readonly live: LiveLog,
  ) {}

  /** Up to `limit` lines after the cursor. Fewer do not mean that the log has ended. */
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
   * Whether this log can have given out a cursor: the start's, or a line's of a writer that there was. Every line of
   * it counts: Redis may have lost some that were seen, and they may never have been archived.
   */
  async has(ownerId: string, { writer, sequence }: LogCursor): Promise<boolean> {
    if (writer === 0 || sequence === 0) return writer === sequence;
    return writer <= (await this.logs.countWriters(ownerId));
  }

  /**
   * Whether the log of what has come to its end grows no more. A writer that is not done 15 s after the end is taken to be
   * dead.
   */
  async isWhole(ownerId: string): Promise<boolean> {
    return this.logs.isWhole(ownerId, LAST_LINES_MS);
  }

  /** The archive comes first: a stream is let go only after its lines were archived, and not at once. */
  private async readWriter(ownerId: string, after: LogCursor, limit: number): Promise<LogLine[]> {
    const archived = await this.archiveOf(ownerId, after.writer);
    // A writer counts its lines from 1 without a gap, so that a line's place is its number.
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
