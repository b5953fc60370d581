import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type LogLine } from '@nexos/contracts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** A decompressed log larger than this is not one of ours, in bytes. */
const MAX_ARCHIVE = 1024 * 1024 * 1024;

/** One line for the wire between a writer and its readers. */
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

/** All of one writer's lines, for good. */
export function encodeArchive(lines: readonly LogLine[]): Promise<Buffer> {
  return compress(lines.map(encodeLine).join('\n'));
}

/** The lines of an archive, still encoded: a log is read page by page, and decoded no further than that. */
export async function unpackArchive(content: Buffer): Promise<string[]> {
  const text = (await decompress(content, { maxOutputLength: MAX_ARCHIVE })).toString('utf8');
  return text === '' ? [] : text.split('\n');
}
