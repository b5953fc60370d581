import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type LoggedContainer, type RuntimeLogLine } from '@nexos/contracts';
import { OutputArchivesRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** The most lines and bytes of text of one archive. */
const MAX_LINES = 1_000;
const MAX_BYTES = 512 * 1024;
/** The largest decompressed archive, in bytes: MAX_BYTES with JSON's escapes and the lines' places. */
const MAX_CONTENT = 8 * 1024 * 1024;

/** Keeps the last lines of containers that are removed; the engine's own copy goes with them. */
@Injectable()
export class OutputArchive {
  constructor(private readonly archives: OutputArchivesRepository) {}

  /** Returns the archived lines of a container of a deployment, oldest first. */
  async read({ deploymentId, container }: LoggedContainer): Promise<RuntimeLogLine[]> {
    const content = await this.archives.find(deploymentId, container);
    if (content === null) return [];
    const text = (await decompress(content, { maxOutputLength: MAX_CONTENT })).toString('utf8');
    return text.split('\n').map(decode);
  }

  /** Archives the last of these lines, which must be redacted, unless an archive that ends later exists. */
  async save({ deploymentId, container }: LoggedContainer, lines: readonly RuntimeLogLine[]): Promise<void> {
    const kept = lastLines(lines);
    const last = kept.at(-1);
    if (last === undefined) return;
    const content = await compress(kept.map(encode).join('\n'));
    await this.archives.save(deploymentId, container, content, last.nanoseconds);
  }
}

/** Returns as many of the last lines as an archive holds. */
export function lastLines(lines: readonly RuntimeLogLine[]): RuntimeLogLine[] {
  const newest = lines.slice(-MAX_LINES).reverse();
  let bytes = 0;
  const tooMany = newest.findIndex(({ text }) => (bytes += Buffer.byteLength(text)) > MAX_BYTES);
  return (tooMany === -1 ? newest : newest.slice(0, tooMany)).reverse();
}

function encode({ nanoseconds, ordinal, stream, text }: RuntimeLogLine): string {
  return JSON.stringify([nanoseconds, ordinal, stream, text]);
}

function decode(line: string): RuntimeLogLine {
  const [nanoseconds, ordinal, stream, text] = JSON.parse(line) as [
    string,
    number,
    RuntimeLogLine['stream'],
    string,
  ];
  return { nanoseconds, ordinal, stream, text };
}
