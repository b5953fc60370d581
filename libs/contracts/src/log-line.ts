/** The source of a line: output of the build or the app, or Nexos itself. */
export type LogStream = 'stdout' | 'stderr' | 'system';

export interface LogText {
  readonly stream: LogStream;
  readonly text: string;
}

/** One line of the log of a deployment or execution. */
export interface LogLine extends LogText {
  /** The number of its writer, from 1, and its place among that writer's lines. */
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

/** The cursor before the first line. */
export const LOG_START: LogCursor = { writer: 0, sequence: 0 };

export function formatLogCursor(cursor: LogCursor): string {
  return `${cursor.writer}-${cursor.sequence}`;
}

/** Parses a cursor from a client; null when it is malformed. */
export function parseLogCursor(text: string): LogCursor | null {
  const match = /^(\d{1,6})-(\d{1,9})$/.exec(text);
  return match === null ? null : { writer: Number(match[1]), sequence: Number(match[2]) };
}
