import { EngineUnavailableError, mapEngineError } from './engine-errors.js';

/** The longest line, in bytes. A BuildKit trace holds 100 ms of events, in base64; gRPC's own limit is 16 MiB. */
const MAX_LINE = 32 * 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * Reads the objects of a newline-delimited JSON stream as they arrive; keeps only the current line in memory.
 *
 * @throws {EngineUnavailableError} when the stream breaks, or at a line that is too long or not JSON
 */
export async function* readJsonLines(stream: AsyncIterable<Buffer>): AsyncGenerator<Record<string, unknown>> {
  try {
    yield* jsonLines(stream);
  } catch (error) {
    throw mapEngineError(error);
  }
}

async function* jsonLines(stream: AsyncIterable<Buffer>): AsyncGenerator<Record<string, unknown>> {
  let pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      const line = Buffer.concat([...pieces, rest.subarray(0, end)]);
      pieces = [];
      size = 0;
      rest = rest.subarray(end + 1);
      yield* parse(line);
    }
    if (rest.length > 0) pieces.push(rest);
    size += rest.length;
    if (size > MAX_LINE)
      throw new EngineUnavailableError('The container engine sent a line longer than 32 MiB.');
  }
  yield* parse(Buffer.concat(pieces));
}

function* parse(line: Buffer): Generator<Record<string, unknown>> {
  const text = line.toString('utf8').trim();
  if (text === '') return;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new EngineUnavailableError('The container engine sent a line that is not JSON.', { cause: error });
  }
  if (typeof value === 'object' && value !== null) yield value as Record<string, unknown>;
}
