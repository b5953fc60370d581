import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type LogLine } from '@nexos/contracts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** The largest decompressed log, in bytes; we write none larger. */
const MAX_ARCHIVE = 1024 * 1024 * 1024;

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

/** Compresses all lines of one writer into an archive. */
export function encodeArchive(lines: readonly LogLine[]): Promise<Buffer> {
  return compress(lines.map(encodeLine).join('\n'));
}

/** Returns the lines of an archive, still encoded: a reader decodes only the page it needs. */
export async function unpackArchive(content: Buffer): Promise<string[]> {
  const text = (await decompress(content, { maxOutputLength: MAX_ARCHIVE })).toString('utf8');
  return text === '' ? [] : text.split('\n');
}
