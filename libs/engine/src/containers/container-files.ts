import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { EngineNotFoundError } from '../client/engine-errors.js';

/** A file or folder in a container. */
export interface ContainerFile {
  readonly isRegular: boolean;
  /** Whether anybody may execute it. */
  readonly isExecutable: boolean;
  /** Its first bytes; empty unless it is a regular file. */
  readonly head: Buffer;
}

const DEADLINE_MS = 3_000;
const HEAD_BYTES = 4_096;
const BLOCK = 512;
/** Bytes of an archive to read: further headers, such as those with extended attributes, may precede the file. */
const MAX_BYTES = HEAD_BYTES + 32 * BLOCK;
const EXECUTE = 0o111;
/** The bits of Go's FileMode for everything that is not a regular file: https://pkg.go.dev/io/fs#FileMode */
const NOT_REGULAR = 0x8f280000;
/** The only link that the engine leaves to us, since it resolves it fully. */
const MAX_LINKS = 1;

/** Reads files of containers, running or not. What they contain is as hostile as the image is. */
@Injectable()
export class ContainerFiles {
  constructor(private readonly client: EngineClient) {}

  /**
   * @param path absolute
   * @returns null when the container has no such file
   */
  find(id: string, path: string): Promise<ContainerFile | null> {
    return this.read(id, path, MAX_LINKS);
  }

  private async read(id: string, path: string, links: number): Promise<ContainerFile | null> {
    let response: IncomingMessage;
    const abortSignal = AbortSignal.timeout(DEADLINE_MS);
    try {
      const request = {
        method: 'GET',
        path: `/containers/${id}/archive?`,
        options: { path },
        abortSignal,
      } as const;
      response = (await this.client.open(request)) as IncomingMessage;
    } catch (error) {
      if (error instanceof EngineNotFoundError) return null;
      throw error;
    }
    try {
      const { mode, linkTarget } = statOf(response);
      if (linkTarget !== '') {
        return links === 0 || linkTarget === path ? null : await this.read(id, linkTarget, links - 1);
      }
      const isRegular = (mode & NOT_REGULAR) === 0;
      const head = isRegular ? contentOf(await firstBytes(response)) : Buffer.alloc(0);
      return { isRegular, isExecutable: (mode & EXECUTE) !== 0, head };
    } finally {
      response.destroy();
    }
  }
}

function statOf({ headers }: IncomingMessage): { mode: number; linkTarget: string } {
  const header = String(headers['x-docker-container-path-stat'] ?? '');
  const { mode = 0, linkTarget = '' } = JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as {
    mode?: number;
    linkTarget?: string;
  };
  return { mode, linkTarget };
}

async function firstBytes(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('error', () => undefined);
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** Returns the beginning of the first regular file of an archive (POSIX ustar). */
function contentOf(archive: Buffer): Buffer {
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    const size = Number.parseInt(header.toString('latin1', 124, 136), 8) || 0;
    const type = header.toString('latin1', 156, 157);
    const content = at + BLOCK;
    if (type === '0' || type === '\0') {
      return archive.subarray(content, Math.min(content + size, content + HEAD_BYTES));
    }
    at = content + Math.ceil(size / BLOCK) * BLOCK;
  }
  return Buffer.alloc(0);
}
