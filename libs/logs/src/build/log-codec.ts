import { promisify } from 'node:util';
import { createGunzip, gunzip, gzip } from 'node:zlib';
import { type LogLine } from '@nexos/contracts';
import type { LogArchive } from '@nexos/state';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Bytes of encoded lines after which a frame of an archive or a batch of live lines ends: what readers hold at once. */
export const FRAME_BYTES = 32 * 1024;
/** The largest decompressed frame in bytes; a frame exceeds `FRAME_BYTES` by at most one line. */
const MAX_FRAME = 16 * 1024 * 1024;

/** Encodes one line for the live stream and for archives. */
export function encodeLine(line: LogLine): string {
  return JSON.stringify([line.writer, line.sequence, line.time, line.stream, line.text]);
}

export function decodeLine(text: string): LogLine {
  const [writer, sequence, time, stream, body] = JSON.parse(text) as [
    number,
    number,
    string,
    LogLine['stream'],
    string,
  ];
  return { writer, sequence, time, stream, text: body };
}

/** Decodes lines that were joined by newlines. */
export function decodeLines(text: string): LogLine[] {
  return text === '' ? [] : text.split('\n').map(decodeLine);
}

/** Compresses all lines of one writer, numbered from 1, into an archive. */
export function encodeArchive(lines: readonly LogLine[]): Promise<LogArchive> {
  return archiveOf([lines.map(encodeLine)]);
}

/** Returns the lines of a frame. */
export async function decodeFrame(content: Buffer): Promise<LogLine[]> {
  const text = (await decompress(content, { maxOutputLength: MAX_FRAME })).toString('utf8');
  // Every frame but the last one ends with the newline before the next frame.
  return decodeLines(text.endsWith('\n') ? text.slice(0, -1) : text);
}

/** Divides an archive of an earlier version, a single frame, into frames. Never holds more than a few unpacked. */
export function divideArchive(content: Buffer): Promise<LogArchive> {
  return archiveOf(unpackedLines(content));
}

async function archiveOf(parts: Iterable<string[]> | AsyncIterable<string[]>): Promise<LogArchive> {
  const contents: Buffer[] = [];
  const frames: number[] = [];
  let end = 0;
  let count = 0;
  let open: string[] = [];
  let bytes = 0;
  const close = async () => {
    const content = await compress(open.join('\n'));
    open = [];
    bytes = 0;
    contents.push(content);
    end += content.length;
    if (count > 0) frames.push(count, end);
  };
  for await (const lines of parts) {
    for (const line of lines) {
      if (bytes >= FRAME_BYTES) {
        // Together, the frames are what a single one would be: lines joined by newlines.
        open.push('');
        await close();
      }
      open.push(line);
      bytes += Buffer.byteLength(line);
      count++;
    }
  }
  await close();
  return { content: Buffer.concat(contents), frames };
}

async function* unpackedLines(content: Buffer): AsyncGenerator<string[]> {
  const unpacked = createGunzip({ chunkSize: FRAME_BYTES }).setEncoding('utf8');
  unpacked.end(content);
  let rest = '';
  for await (const text of unpacked) {
    const lines = (rest + (text as string)).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest];
}
