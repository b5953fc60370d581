import { formatLogCursor, type LogLine, type LogStream } from '@nexos/contracts';
import type { DeploymentStatus } from '@nexos/domain';

/** One line of a log on the wire. */
export interface LogLineResponse {
  /** The line's place; a reader that sends it as `cursor` or `Last-Event-ID` goes on after it. */
  cursor: string;
  time: string;
  stream: LogStream;
  text: string;
}

/** A page of a log. */
export interface LogResponse {
  status: DeploymentStatus;
  lines: LogLineResponse[];
  /** Where to go on; null when the deployment has ended and these are its last lines. */
  next_cursor: string | null;
}

export function toLogLineResponse(line: LogLine): LogLineResponse {
  return { cursor: formatLogCursor(line), time: line.time, stream: line.stream, text: line.text };
}
