import type { MirrorFolder } from './mirror-folder.js';

/** The longest line that git writes before an object: its name, and what became of it. */
const HEADER_LIMIT = 16 * 1024;
/** What is found, or a link that leads nowhere: git writes so many bytes after either. */
const HEADER = /^(?:[0-9a-f]+ ([a-z]+)|symlink|dangling|loop|notdir) (\d+)$/;

export interface WantedObject {
  /** Such as `<sha>` or `<sha>:<path>`, on one line. */
  readonly name: string;
  readonly limitBytes: number;
}

export interface GitObject {
  /** `blob`, `tree`, `commit` or `tag` */
  readonly type: string;
  readonly size: number;
  /** Null when it has more bytes than were wanted. */
  readonly content: Buffer | null;
}

/**
 * Reads objects with one process of git's, with symbolic links inside the repository followed.
 *
 * @returns in the order of the names; null for what is not there
 */
export async function readObjects(
  mirror: MirrorFolder,
  wanted: readonly WantedObject[],
): Promise<(GitObject | null)[]> {
  const input = wanted.map(({ name }) => `${name}\n`).join('');
  const git = mirror.start(['cat-file', '--batch', '--follow-symlinks'], { input });
  try {
    const output = new ByteReader(git.stdout);
    const objects: (GitObject | null)[] = [];
    for (const { limitBytes } of wanted) objects.push(await nextObject(output, limitBytes));
    await output.end();
    await git.finished;
    return objects;
  } catch (error) {
    git.kill();
    git.stdout.destroy();
    await git.finished;
    throw error;
  }
}

async function nextObject(output: ByteReader, limitBytes: number): Promise<GitObject | null> {
  const [, type, length] = HEADER.exec(await output.line(HEADER_LIMIT)) ?? [];
  if (length === undefined) return null;
  const size = Number(length);
  const content = size > limitBytes ? await output.skip(size) : await output.take(size);
  await output.skip(1);
  return type === undefined ? null : { type, size, content };
}

/** Reads a stream piece by piece. */
class ByteReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  async line(limitBytes: number): Promise<string> {
    let end: number;
    while ((end = this.rest.indexOf('\n')) < 0) {
      if (this.rest.length > limitBytes) throw new Error('git wrote a line that is too long');
      this.rest = Buffer.concat([this.rest, await this.more()]);
    }
    const text = this.rest.toString('utf8', 0, end);
    this.rest = this.rest.subarray(end + 1);
    return text;
  }

  async take(bytes: number): Promise<Buffer> {
    const taken: Buffer[] = [];
    await this.each(bytes, (chunk) => taken.push(chunk));
    return Buffer.concat(taken);
  }

  async skip(bytes: number): Promise<null> {
    await this.each(bytes, () => undefined);
    return null;
  }

  /** Reads what is left, so that the stream can end. */
  async end(): Promise<void> {
    while ((await this.chunks.next()).done !== true);
  }

  private async each(bytes: number, handle: (chunk: Buffer) => void): Promise<void> {
    for (let left = bytes; left > 0;) {
      if (this.rest.length === 0) this.rest = await this.more();
      const chunk = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(chunk.length);
      left -= chunk.length;
      handle(chunk);
    }
  }

  private async more(): Promise<Buffer> {
    const next = await this.chunks.next();
    if (next.done === true) throw new Error('git wrote less than it said');
    return next.value;
  }
}
