import type { EngineClient } from '../client/engine-client.js';
import { mapEngineError } from '../client/engine-errors.js';
import { LineBeginnings, readFrames } from './log-frames.js';
import { cleanLine } from './log-text.js';

const MAX_LINES = 1_000;
/** The most bytes of text that one call returns. */
const MAX_BYTES = 256 * 1024;
/** An unreachable node would keep the response open. */
const DEADLINE_MS = 10_000;

/** One line of output, or the beginning of a long one. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

interface TimedLine extends OutputLine {
  readonly time: string;
}

/**
 * Reads the whole output of a service's one container; with `follow`, continues with new output until the signal
 * aborts.
 */
export async function* readServiceOutput(
  client: EngineClient,
  id: string,
  { follow, abortSignal }: { follow: boolean; abortSignal: AbortSignal },
): AsyncGenerator<OutputLine> {
  const response = await client.open({
    method: 'GET',
    path: `/services/${id}/logs?`,
    options: { stdout: true, stderr: true, follow },
    abortSignal,
  });
  const beginnings = new LineBeginnings();
  for await (const frame of readFrames(withEngineErrors(response))) {
    if (!beginnings.isBeginning(frame.stream, frame)) continue;
    yield { stream: frame.stream, text: visibleLine(frame.content.toString('utf8')) };
  }
}

/** Maps errors of the stream itself to engine errors, and leaves those of its reader unchanged. */
async function* withEngineErrors(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (error) {
    throw mapEngineError(error);
  }
}

/** Returns the last lines of a service's output, stdout and stderr together, sorted by time. */
export async function tailServiceLogs(
  client: EngineClient,
  id: string,
  lines: number,
): Promise<OutputLine[]> {
  const tail = Math.max(0, Math.min(lines, MAX_LINES));
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  const found: TimedLine[] = [];
  try {
    const response = await client.open({
      method: 'GET',
      path: `/services/${id}/logs?`,
      options: { stdout: true, stderr: true, timestamps: true, tail: String(tail) },
      abortSignal,
    });
    const beginnings = new LineBeginnings();
    for await (const frame of readFrames(response)) {
      if (beginnings.isBeginning(frame.stream, frame)) found.push(timedLine(frame.stream, frame.content));
    }
  } catch (error) {
    // One node may be unreachable: return the part of the log that arrived.
    if (!abortSignal.aborted) throw mapEngineError(error);
  }
  found.sort((a, b) => a.time.localeCompare(b.time));
  return lastWithin(found.slice(-tail), MAX_BYTES);
}

function lastWithin(lines: readonly TimedLine[], bytes: number): OutputLine[] {
  const kept: OutputLine[] = [];
  let left = bytes;
  for (const { stream, text } of [...lines].reverse()) {
    left -= Buffer.byteLength(text);
    if (left < 0) break;
    kept.push({ stream, text });
  }
  return kept.reverse();
}

/** Parses a frame: its time (RFC 3339, nanoseconds), then a line or the beginning of one that is cut anyway. */
function timedLine(stream: OutputLine['stream'], frame: Buffer): TimedLine {
  const text = frame.toString('utf8');
  const space = text.indexOf(' ');
  return {
    stream,
    time: text.slice(0, space),
    text: visibleLine(text.slice(space + 1)),
  };
}

/** Returns what a terminal would show of a line, without text that a carriage return has overwritten. */
export function visibleLine(text: string): string {
  return cleanLine(text.replace(/^.*\r(?=[^\r\n])/s, ''));
}
