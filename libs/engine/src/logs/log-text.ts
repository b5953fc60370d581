import { stripVTControlCharacters } from 'node:util';

/** The longest line of a log, in bytes of UTF-8. */
export const MAX_LINE_BYTES = 8 * 1024;
/** Characters examined to find that many bytes of text among terminal escapes. */
const MAX_RAW_LENGTH = 4 * MAX_LINE_BYTES;
const CUT_MARK = ' … (line cut)';

/**
 * Sanitizes hostile text for one line of a log: no terminal escapes, no control characters except tabs, at most
 * `MAX_LINE_BYTES` bytes.
 */
export function cleanLine(text: string): string {
  const beginning = text.slice(0, MAX_RAW_LENGTH);
  return cutToBytes(stripVTControlCharacters(beginning).replace(/(?!\t)\p{Cc}/gu, ''), MAX_LINE_BYTES);
}

function cutToBytes(text: string, limit: number): string {
  if (text.length * 3 <= limit || Buffer.byteLength(text) <= limit) return text;
  const room = new Uint8Array(limit - Buffer.byteLength(CUT_MARK));
  const { written } = new TextEncoder().encodeInto(text, room);
  return new TextDecoder().decode(room.subarray(0, written)) + CUT_MARK;
}

/**
 * Assembles lines from the pieces a program wrote. A character may be split between pieces. Drops text that a
 * carriage return has overwritten, as a terminal would (progress bars). Memory stays bounded for any line length.
 */
export class LineAssembler {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private pending = '';

  /** Returns the lines that this piece completes. */
  push(piece: Uint8Array): string[] {
    return this.take(this.decoder.decode(piece, { stream: true }));
  }

  /** Returns the last line, when the program ended without a line feed. */
  end(): string[] {
    const lines = this.take(this.decoder.decode());
    const rest = visible(this.pending);
    this.pending = '';
    return rest === '' ? lines : [...lines, cleanLine(rest)];
  }

  private take(text: string): string[] {
    const parts = text.split('\n');
    const last = parts.pop() ?? '';
    const lines = parts.map((part) => {
      const line = cleanLine(visible(this.pending + part));
      this.pending = '';
      return line;
    });
    // A trailing carriage return may be half of a line end, so it overwrites nothing yet.
    this.pending = visible(this.pending + last, '\r').slice(0, MAX_RAW_LENGTH);
    return lines;
  }
}

/** Returns what a terminal would show of a line after carriage returns. */
function visible(line: string, keep = ''): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === '\r') end--;
  const start = end === 0 ? 0 : line.lastIndexOf('\r', end - 1) + 1;
  return line.slice(start, end) + (end < line.length ? keep : '');
}
