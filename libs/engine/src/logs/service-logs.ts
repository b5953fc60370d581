import type { EngineClient } from '../client/engine-client.js';
import { mapEngineError } from '../client/engine-errors.js';
import { LineBeginnings, readFrames } from './log-frames.js';
import { cleanLine } from './log-text.js';

const MAX_LINES = 1_000;
/** Bytes that the returned lines may have together. */
const MAX_BYTES = 256 * 1024;
/** A node that is away would keep the answer open. */
const DEADLINE_MS = 10_000;

/** One piece of output, a line or the beginning of a long one. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

interface TimedLine extends OutputLine {
  readonly time: string;
}

/**
 * Reads all that a service's one container has written; `follow` goes on with what it writes next, until the signal
 * ends it.
 */
export async function* readServiceOutput(
  client: EngineClient,
  id: string,
  { follow, abortSignal }: { follow: boolean; abortSignal: AbortSignal },
): AsyncGenerator<OutputLine> {
  const answer = await client.open({
    method: 'GET',
    path: `/services/${id}/logs?`,
    options: { stdout: true, stderr: true, follow },
    abortSignal,
  });
  const beginnings = new LineBeginnings();
  for await (const frame of readFrames(brokenByEngine(answer))) {
    if (!beginnings.isBeginning(frame.stream, frame)) continue;
    yield { stream: frame.stream, text: printedLine(frame.content.toString('utf8')) };
  }
}

/** A stream that breaks off is the engine's doing, and what reads it is another matter. */
async function* brokenByEngine(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (error) {
    throw mapEngineError(error);
  }
}

/** Reads the last lines of a service's output, stdout and stderr together, sorted by time. */
export async function tailServiceLogs(
  client: EngineClient,
  id: string,
  lines: number,
): Promise<OutputLine[]> {
  const tail = Math.max(0, Math.min(lines, MAX_LINES));
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  const found: TimedLine[] = [];
  try {
    const answer = await client.open({
      method: 'GET',
      path: `/services/${id}/logs?`,
      options: { stdout: true, stderr: true, timestamps: true, tail: String(tail) },
      abortSignal,
    });
    const beginnings = new LineBeginnings();
    for await (const frame of readFrames(answer)) {
      if (beginnings.isBeginning(frame.stream, frame)) found.push(timedLine(frame.stream, frame.content));
    }
  } catch (error) {
    // Part of a log is better than none: one node may be away.
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

/** A frame is one line, or the beginning of one that is cut anyway, with its time (RFC 3339, nanoseconds) in front. */
function timedLine(stream: OutputLine['stream'], frame: Buffer): TimedLine {
  const text = frame.toString('utf8');
  const space = text.indexOf(' ');
  return {
    stream,
    time: text.slice(0, space),
    text: printedLine(text.slice(space + 1)),
  };
}

/** What a terminal would show of a line: what a carriage return has overwritten is not there any more. */
export function printedLine(text: string): string {
  return cleanLine(text.replace(/^.*\r(?=[^\r\n])/s, ''));
}
