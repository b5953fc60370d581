/** Where a line comes from: the build's or the app's own output, or Nexos itself. */
export type LogStream = 'stdout' | 'stderr' | 'system';

export interface LogText {
  readonly stream: LogStream;
  readonly text: string;
}

/** One line of the log of a deployment or execution. */
export interface LogLine extends LogText {
  /** Which of the log's writers wrote it, counted from 1, and its place in what that one wrote. */
  readonly writer: number;
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** A reader's place in a log; lines sort by it. */
export interface LogCursor {
  readonly writer: number;
  readonly sequence: number;
}

/** Before the first line. */
export const LOG_START: LogCursor = { writer: 0, sequence: 0 };

export function formatLogCursor(cursor: LogCursor): string {
  return `${cursor.writer}-${cursor.sequence}`;
}

/** Reads a cursor that a client sent back; null when it is none of ours. */
export function parseLogCursor(text: string): LogCursor | null {
  const match = /^(\d{1,6})-(\d{1,9})$/.exec(text);
  return match === null ? null : { writer: Number(match[1]), sequence: Number(match[2]) };
}
