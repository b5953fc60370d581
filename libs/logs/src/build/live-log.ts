import { type LogLine } from '@nexos/contracts';
import type { Redis } from 'ioredis';
import { decodeLines, encodeLine } from './log-codec.js';
import { linesMessage, logChannel, logStreamKey } from './log-keys.js';

/** Seconds after which an unarchived stream expires. */
const KEPT_FOR = 7 * 24 * 3600;
/** Seconds that an archived stream stays, so that its current readers can finish. */
const KEPT_AFTER_ARCHIVING = 120;

/** Batches per read; bounds the memory that a read costs. */
const BATCHES = 4;

/** Checks and appends atomically: a reader must never see a batch after a gap. */
const APPEND = `
if redis.call('XLEN', KEYS[1]) ~= tonumber(ARGV[1]) then return 0 end
redis.call('XADD', KEYS[1], ARGV[2], 'lines', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('PUBLISH', KEYS[2], ARGV[5])
return 1`;

/**
 * Holds the lines of active writers, one Redis Stream for each writer. An entry's id is the number of its last line,
 * so writing the same lines again produces the same stream.
 */
export class LiveLog {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  /**
   * Appends a batch and wakes the watchers.
   *
   * @param batches the number of batches that the stream should hold before this one
   * @returns false when it holds a different number: Redis lost data, and the caller must write everything again
   */
  async append(ownerId: string, lines: readonly LogLine[], batches: number): Promise<boolean> {
    const last = lines.at(-1);
    if (last === undefined) return true;
    const key = logStreamKey(this.prefix, ownerId, last.writer);
    const channel = logChannel(this.prefix, ownerId);
    const text = lines.map(encodeLine).join('\n');
    const appended = await this.redis.eval(
      APPEND,
      2,
      key,
      channel,
      batches,
      `${last.sequence}-0`,
      text,
      KEPT_FOR,
      linesMessage(last.writer),
    );
    return appended === 1;
  }

  /** Discards the lines of one writer. */
  async clear(ownerId: string, writer: number): Promise<void> {
    await this.redis.del(logStreamKey(this.prefix, ownerId, writer));
  }

  /** Expires the stream of a writer whose lines are archived, and wakes the watchers a last time. */
  async finish(ownerId: string, writer: number): Promise<void> {
    await this.redis
      .multi()
      .expire(logStreamKey(this.prefix, ownerId, writer), KEPT_AFTER_ARCHIVING)
      .publish(logChannel(this.prefix, ownerId), 'archived')
      .exec();
  }

  /** Wakes the watchers of a log whose owner's status changed. */
  async wake(ownerId: string): Promise<void> {
    await this.redis.publish(logChannel(this.prefix, ownerId), 'status');
  }

  /** Returns the batches of one writer that follow a line; the first one may begin before it. */
  async read(ownerId: string, writer: number, after: number): Promise<LogLine[][]> {
    const key = logStreamKey(this.prefix, ownerId, writer);
    const entries = await this.redis.xrange(key, `${after + 1}-0`, '+', 'COUNT', BATCHES);
    return entries.map(([, fields]) => decodeLines(fields[1] ?? ''));
  }

  /** Returns all lines of one writer. */
  async readAll(ownerId: string, writer: number): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    for (;;) {
      const batches = await this.read(ownerId, writer, lines.at(-1)?.sequence ?? 0);
      if (batches.length === 0) return lines;
      for (const batch of batches) lines.push(...batch);
    }
  }
}
