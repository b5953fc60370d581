import { EngineUnavailableError } from '../client/engine-errors.js';

/** The longest frame, in bytes. Docker splits a long line after 16 KiB, so a longer frame is invalid. */
const MAX_FRAME = 1024 * 1024;
const HEADER = 8;
const STDERR = 2;
const STREAMS = [1, STDERR];

/** One write of an app: a line, or a piece of a long one. */
export interface LogFrame {
  readonly stream: 'stdout' | 'stderr';
  readonly content: Buffer;
}

/**
 * Demultiplexes the engine's stream: 8 bytes of header (stream, three zeroes, length as a big-endian 32-bit
 * number), then that many bytes. https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
 */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<LogFrame> {
  let buffer: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
    while (buffer.length >= HEADER) {
      const source = buffer.readUInt8(0);
      const length = buffer.readUInt32BE(4);
      if (!STREAMS.includes(source) || length > MAX_FRAME) {
        throw new EngineUnavailableError('The container engine sent a log frame that cannot be read.');
      }
      if (buffer.length < HEADER + length) break;
      const content = buffer.subarray(HEADER, HEADER + length);
      buffer = buffer.subarray(HEADER + length);
      yield { stream: source === STDERR ? 'stderr' : 'stdout', content };
    }
  }
}

/** Distinguishes the first piece of a line from later pieces, which are dropped: such a long line is cut anyway. */
export class LineBeginnings {
  private readonly continued = new Set<string>();

  /** @param writer the source of sequential lines: a stream of a container */
  isBeginning(writer: string, { content }: LogFrame): boolean {
    const isBeginning = !this.continued.has(writer);
    if (content.at(-1) === 0x0a) this.continued.delete(writer);
    else this.continued.add(writer);
    return isBeginning;
  }
}
