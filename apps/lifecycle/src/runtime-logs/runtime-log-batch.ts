import {
  compareRuntimeLogPlaces,
  millisecondsOf,
  nanosecondsOf,
  RUNTIME_LOG_START,
  type RuntimeLogLine,
  type RuntimeLogPlace,
} from '@nexos/contracts';
import { type ServiceLogLine } from '@nexos/engine';

const LINES_A_SECOND = 1_000;
const BYTES_A_SECOND = 512 * 1024;
const SECOND_MS = 1_000;
/** What is held of the history at once: more than is shown of it, less than many containers may have. */
const HISTORY_LINES = 1_000;
const HISTORY_BYTES = 2 * 1024 * 1024;
/** Older than that at a time of flood, lines are not what the app writes now. */
const BEHIND_MS = 15_000;

type Found = ServiceLogLine & { readonly nanoseconds: string };

/**
 * Puts what the containers of a deployment wrote in one order and gives each line its place; lines of a flood are left
 * out and counted.
 */
export class RuntimeLogBatch {
  private found: Found[] = [];
  private bytes = 0;
  private isHistory = true;
  private windowBegan: number;
  private linesInWindow = 0;
  private bytesInWindow = 0;
  private leftOut = 0;
  private last: RuntimeLogPlace;
  private behind = false;

  /**
   * @param resumed the last line that is known already, or null
   * @param now milliseconds since the epoch
   */
  constructor(
    private readonly resumed: RuntimeLogPlace | null,
    private readonly now: () => number,
  ) {
    this.last = resumed ?? RUNTIME_LOG_START;
    this.windowBegan = now();
  }

  /** Whether so much comes that what comes is old: reading has to begin anew, at the end. */
  get isBehind(): boolean {
    return this.behind;
  }

  /** Takes a line, or leaves it out; one with a time that is none is no line. */
  add(line: ServiceLogLine): void {
    const nanoseconds = nanosecondsOf(line.time);
    if (nanoseconds === null || BigInt(nanoseconds) < BigInt(this.resumed?.nanoseconds ?? 0)) return;
    const size = Buffer.byteLength(line.text);
    if (!this.isHistory && !this.hasRoomFor(size)) {
      this.leftOut++;
      this.behind ||= this.now() - millisecondsOf({ nanoseconds, ordinal: 0 }) > BEHIND_MS;
      return;
    }
    this.found.push({ ...line, nanoseconds });
    this.bytes += size;
    if (this.found.length > 2 * HISTORY_LINES || this.bytes > 2 * HISTORY_BYTES) this.forgetOldest();
  }

  /** The lines since the last time, each after those before it. What comes from now on is not history any more. */
  take(): RuntimeLogLine[] {
    if (this.isHistory) this.forgetOldest();
    this.isHistory = false;
    const lines = sorted(this.found).flatMap((line) => this.placed(line));
    this.found = [];
    this.bytes = 0;
    if (this.leftOut > 0 && this.now() - this.windowBegan >= SECOND_MS) {
      const text = `${this.leftOut} lines were left out: the app writes more than ${LINES_A_SECOND} lines or ${BYTES_A_SECOND / 1024} KiB a second`;
      this.leftOut = 0;
      lines.push({ ...this.next(), stream: 'system', text });
    }
    return lines;
  }

  /** In a window of a second that begins with its first line. */
  private hasRoomFor(size: number): boolean {
    const now = this.now();
    if (now - this.windowBegan >= SECOND_MS && this.leftOut === 0) {
      this.windowBegan = now;
      this.linesInWindow = 0;
      this.bytesInWindow = 0;
    }
    if (this.linesInWindow >= LINES_A_SECOND || this.bytesInWindow + size > BYTES_A_SECOND) return false;
    this.linesInWindow++;
    this.bytesInWindow += size;
    return true;
  }

  private placed({ nanoseconds, stream, text }: Found): RuntimeLogLine[] {
    const ordinal = this.ordinalAt(nanoseconds);
    const place = { nanoseconds, ordinal };
    if (this.resumed !== null && compareRuntimeLogPlaces(place, this.resumed) <= 0) return [];
    // stdout and stderr are written down side by side: one may come a little later than its time says.
    const isLate = compareRuntimeLogPlaces(place, this.last) <= 0;
    if (!isLate) this.last = place;
    return [{ ...(isLate ? this.next() : place), stream, text }];
  }

  private readonly counted = { nanoseconds: '', lines: 0 };

  /** Counted anew after a resumption: the engine sends all lines of that time again. */
  private ordinalAt(nanoseconds: string): number {
    if (this.counted.nanoseconds !== nanoseconds) {
      this.counted.nanoseconds = nanoseconds;
      this.counted.lines = 0;
    }
    return this.counted.lines++;
  }

  private next(): RuntimeLogPlace {
    this.last = { ...this.last, ordinal: this.last.ordinal + 1 };
    return this.last;
  }

  private forgetOldest(): void {
    let bytes = 0;
    const newest = sorted(this.found).reverse().slice(0, HISTORY_LINES);
    const tooMany = newest.findIndex(({ text }) => (bytes += Buffer.byteLength(text)) > HISTORY_BYTES);
    this.found = (tooMany === -1 ? newest : newest.slice(0, tooMany)).reverse();
    this.bytes = Math.min(bytes, HISTORY_BYTES);
  }
}

function sorted(lines: readonly Found[]): Found[] {
  return [...lines].sort((a, b) => {
    const difference = BigInt(a.nanoseconds) - BigInt(b.nanoseconds);
    return difference === 0n ? a.task.localeCompare(b.task) : difference < 0n ? -1 : 1;
  });
}
