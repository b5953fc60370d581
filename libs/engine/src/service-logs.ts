import type { EngineClient } from './engine-client.js';
import { EngineUnavailableError, mapEngineError } from './engine-errors.js';
import { cleanLine } from './log-text.js';

const MAX_LINES = 1_000;
/** Bytes that the returned lines may have together. */
const MAX_BYTES = 256 * 1024;
/** A node that is away would keep the answer open. */
const DEADLINE_MS = 10_000;
/** Docker splits a long line after 16 KiB; a frame beyond this is none. */
const MAX_FRAME = 1024 * 1024;
const HEADER = 8;
const STREAMS = [1, 2];

interface TimedLine {
  readonly time: string;
  readonly text: string;
}

/** One piece of output, a line or the beginning of a long one. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/**
 * Reads all that a service's containers have written, the oldest first; `follow` goes on with what they write next,
 * until the signal ends it.
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
  for await (const { source, frame } of readFrames(answer)) {
    yield {
      stream: source === 2 ? 'stderr' : 'stdout',
      text: cleanLine(visibleText(frame.toString('utf8'))),
    };
  }
}

/** Reads the last lines of a service's output, stdout and stderr together, sorted by time. */
export async function tailServiceLogs(client: EngineClient, id: string, lines: number): Promise<string[]> {
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
    for await (const { frame } of readFrames(answer)) found.push(timedLine(frame));
  } catch (error) {
    // Part of a log is better than none: one node may be away.
    if (!abortSignal.aborted) throw mapEngineError(error);
  }
  found.sort((a, b) => a.time.localeCompare(b.time));
  return lastWithin(found.slice(-tail), MAX_BYTES);
}

function lastWithin(lines: readonly TimedLine[], bytes: number): string[] {
  const kept: string[] = [];
  let left = bytes;
  for (const { text } of [...lines].reverse()) {
    left -= Buffer.byteLength(text);
    if (left < 0) break;
    kept.push(text);
  }
  return kept.reverse();
}

/** A frame is one line, or the beginning of one that is cut anyway, with its time (RFC 3339, nanoseconds) in front. */
function timedLine(frame: Buffer): TimedLine {
  const text = frame.toString('utf8');
  const space = text.indexOf(' ');
  return {
    time: text.slice(0, space),
    text: cleanLine(visibleText(text.slice(space + 1))),
  };
}

/** What is left on the screen of a line that was overwritten. */
function visibleText(text: string): string {
  return text.replace(/^.*\r(?=[^\r\n])/s, '');
}

interface Frame {
  readonly source: number;
  readonly frame: Buffer;
}

/**
 * Takes the engine's multiplexed stream apart: 8 bytes of header (stream, three zeroes, length as a big-endian
 * 32-bit number), then that many bytes. https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
 * The later pieces of a long line are left out.
 */
async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let buffer: Buffer = Buffer.alloc(0);
  const continued = new Set<number>();
  for await (const chunk of stream) {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
    while (buffer.length >= HEADER) {
      const source = buffer.readUInt8(0);
      const length = buffer.readUInt32BE(4);
      if (!STREAMS.includes(source) || length > MAX_FRAME) {
        throw new EngineUnavailableError('The container engine sent a log that cannot be read.');
      }
      if (buffer.length < HEADER + length) break;
      const frame = buffer.subarray(HEADER, HEADER + length);
      buffer = buffer.subarray(HEADER + length);
      if (!continued.has(source)) yield { source, frame };
      if (frame.at(-1) === 0x0a) continued.delete(source);
      else continued.add(source);
    }
  }
}
