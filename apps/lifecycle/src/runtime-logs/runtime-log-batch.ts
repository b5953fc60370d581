import {
  compareRuntimeLogPlaces,
  millisecondsOf,
  nanosecondsOf,
  RUNTIME_LOG_START,
  type LogStream,
  type RuntimeLogLine,
  type RuntimeLogPlace,
} from '@nexos/contracts';
import { type ServiceLogLine } from '@nexos/engine';

const LINES_PER_SECOND = 1_000;
const BYTES_PER_SECOND = 512 * 1024;
const SECOND_MS = 1_000;
/** Limits of the buffered history: more than is shown, and less than many containers may have. */
const HISTORY_LINES = 1_000;
const HISTORY_BYTES = 2 * 1024 * 1024;
/** Age from which dropped lines count as old, so that reading must restart at the end. */
const BEHIND_MS = 15_000;

/** A line that a container wrote, or one by Nexos. */
export type BatchLine = Omit<ServiceLogLine, 'stream'> & { readonly stream: LogStream };

interface TimedLine extends BatchLine {
  readonly nanoseconds: string;
  /** Kept in case the engine no longer has it. */
  readonly isCopy: boolean;
}

/**
 * Orders the lines of a deployment's containers and gives each its place. Lines above the rate limit are dropped and
 * counted.
 */
export class RuntimeLogBatch {
  private buffered: TimedLine[] = [];
  private bytes = 0;
  private isHistory = true;
  private windowStart: number;
  private linesInWindow = 0;
  private bytesInWindow = 0;
  private dropped = 0;
  private last: RuntimeLogPlace;
  private behind = false;

  /**
   * @param resumed the last known line, or null
   * @param now milliseconds since the epoch
   */
  constructor(
    private readonly resumed: RuntimeLogPlace | null,
    private readonly now: () => number,
  ) {
    this.last = resumed ?? RUNTIME_LOG_START;
    this.windowStart = now();
  }

  /** Whether reading has fallen behind the app and must restart at the end. */
  get isBehind(): boolean {
    return this.behind;
  }

  /**
   * Adds a line, or drops it above the rate limit. Ignores a line without a valid time.
   *
   * @param isCopy whether the line is left out if the engine has it too; for the history only
   */
  add(line: BatchLine, isCopy = false): void {
    const nanoseconds = nanosecondsOf(line.time);
    if (nanoseconds === null || BigInt(nanoseconds) < BigInt(this.resumed?.nanoseconds ?? 0)) return;
    const size = Buffer.byteLength(line.text);
    if (!this.isHistory && !this.hasRoomFor(size)) {
      this.dropped++;
      this.behind ||= this.now() - millisecondsOf({ nanoseconds, ordinal: 0 }) > BEHIND_MS;
      return;
    }
    this.buffered.push({ ...line, nanoseconds, isCopy });
    this.bytes += size;
    if (this.buffered.length > 2 * HISTORY_LINES || this.bytes > 2 * HISTORY_BYTES) this.dropOldest();
  }

  /** Returns the lines since the last call, in order. Ends the history. */
  take(): RuntimeLogLine[] {
    if (this.isHistory) {
      this.buffered = withoutCopies(this.buffered);
      this.dropOldest();
    }
    this.isHistory = false;
    const lines = sorted(this.buffered).flatMap((line) => this.placed(line));
    this.buffered = [];
    this.bytes = 0;
    if (this.dropped > 0 && this.now() - this.windowStart >= SECOND_MS) {
      const text = `${this.dropped} lines were dropped: the app writes more than ${LINES_PER_SECOND} lines or ${BYTES_PER_SECOND / 1024} KiB per second`;
      this.dropped = 0;
      lines.push({ ...this.next(), stream: 'system', text });
    }
    return lines;
  }

  /** Counts lines in one-second windows, each starting with its first line. */
  private hasRoomFor(size: number): boolean {
    const now = this.now();
    if (now - this.windowStart >= SECOND_MS && this.dropped === 0) {
      this.windowStart = now;
      this.linesInWindow = 0;
      this.bytesInWindow = 0;
    }
    if (this.linesInWindow >= LINES_PER_SECOND || this.bytesInWindow + size > BYTES_PER_SECOND) return false;
    this.linesInWindow++;
    this.bytesInWindow += size;
    return true;
  }

  private placed({ nanoseconds, stream, text }: TimedLine): RuntimeLogLine[] {
    const ordinal = this.ordinalAt(nanoseconds);
    const place = { nanoseconds, ordinal };
    if (this.resumed !== null && compareRuntimeLogPlaces(place, this.resumed) <= 0) return [];
    // The engine records stdout and stderr separately, so a line may arrive slightly late.
    const isLate = compareRuntimeLogPlaces(place, this.last) <= 0;
    if (!isLate) this.last = place;
    return [{ ...(isLate ? this.next() : place), stream, text }];
  }

  private readonly current = { nanoseconds: '', lines: 0 };

  /** Counts lines of equal time, from 0 also after a resumption, since the engine repeats all lines of that time. */
  private ordinalAt(nanoseconds: string): number {
    if (this.current.nanoseconds !== nanoseconds) {
      this.current.nanoseconds = nanoseconds;
      this.current.lines = 0;
    }
    return this.current.lines++;
  }

  private next(): RuntimeLogPlace {
    this.last = { ...this.last, ordinal: this.last.ordinal + 1 };
    return this.last;
  }

  private dropOldest(): void {
    let bytes = 0;
    const newest = sorted(this.buffered).reverse().slice(0, HISTORY_LINES);
    const firstDropped = newest.findIndex(({ text }) => (bytes += Buffer.byteLength(text)) > HISTORY_BYTES);
    this.buffered = (firstDropped === -1 ? newest : newest.slice(0, firstDropped)).reverse();
    this.bytes = Math.min(bytes, HISTORY_BYTES);
  }
}

/** Leaves out the copies of lines that the engine has. */
function withoutCopies(lines: readonly TimedLine[]): TimedLine[] {
  const keyOf = ({ nanoseconds, stream, text }: TimedLine) => `${nanoseconds} ${stream} ${text}`;
  const originals = new Set(lines.filter(({ isCopy }) => !isCopy).map(keyOf));
  return lines.filter((line) => !line.isCopy || !originals.has(keyOf(line)));
}

function sorted(lines: readonly TimedLine[]): TimedLine[] {
  return [...lines].sort((a, b) => {
    const difference = BigInt(a.nanoseconds) - BigInt(b.nanoseconds);
    return difference === 0n ? a.task.localeCompare(b.task) : difference < 0n ? -1 : 1;
  });
}
