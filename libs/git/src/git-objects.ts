import { GitExit } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';

/** The longest line that git writes before an object: its name, and what became of it. */
const HEADER_LIMIT = 16 * 1024;
const FOUND = /^[0-9a-f]+ ([a-z]+) (\d+)$/;
const NOT_THERE = / (?:missing|ambiguous)$/;

export interface WantedObject {
  /** Such as `<sha>` or `<sha>:<path>`, on one line. */
  readonly name: string;
  readonly limitBytes: number;
}

export interface GitObject {
  /** `blob`, `tree`, `commit` or `tag` */
  readonly type: string;
  /** Null when it has more bytes than were wanted. */
  readonly content: Buffer | null;
}

type Answer = GitObject | null;

/**
 * Reads objects, with symbolic links inside the repository followed. One process of git's reads as many of them as it
 * can: what is too large, or a link that leads nowhere, is not read to its end, and those after it are asked of another.
 *
 * @returns in the order of the names; null for what is not there
 * @throws {GitExit}
 * @throws the signal's reason
 */
export async function readObjects(
  mirror: MirrorFolder,
  wanted: readonly WantedObject[],
  signal?: AbortSignal,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < wanted.length) {
    answers.push(...(await readSome(mirror, wanted.slice(answers.length), signal)));
  }
  return answers;
}

/** @returns at least one answer, of the first that were wanted */
async function readSome(
  mirror: MirrorFolder,
  wanted: readonly WantedObject[],
  signal: AbortSignal | undefined,
): Promise<Answer[]> {
  const input = wanted.map(({ name }) => `${name}\n`).join('');
  const git = mirror.start(['cat-file', '--batch', '--follow-symlinks'], { input, signal });
  const end = async (): Promise<unknown> => {
    git.kill();
    git.stdout.destroy();
    return git.finished.then(
      () => null,
      (exit: unknown) => exit,
    );
  };
  try {
    const output = new ByteReader(git.stdout);
    const answers: Answer[] = [];
    for (const { limitBytes } of wanted) {
      const { answer, isWhole } = await nextAnswer(output, limitBytes);
      answers.push(answer);
      if (isWhole) continue;
      await end();
      return answers;
    }
    await output.end();
    await git.finished;
    return answers;
  } catch (error) {
    const exit = await end();
    signal?.throwIfAborted();
    // Without an exit code it was we who ended it.
    throw exit instanceof GitExit && exit.exitCode !== null ? exit : error;
  }
}

/** @returns whether it was read to its end, and git can be asked for the next one */
async function nextAnswer(
  output: ByteReader,
  limitBytes: number,
): Promise<{ answer: Answer; isWhole: boolean }> {
  const header = await output.line(HEADER_LIMIT);
  const [, type, length] = FOUND.exec(header) ?? [];
  // How long the target of such a link is git tells, and writes less of it where it holds a NUL.
  if (type === undefined) return { answer: null, isWhole: NOT_THERE.test(header) };
  if (Number(length) > limitBytes) return { answer: { type, content: null }, isWhole: false };
  const content = await output.take(Number(length));
  await output.line(0);
  return { answer: { type, content }, isWhole: true };
}

/** Reads a stream piece by piece. */
class ByteReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  /** @throws when it has more bytes than that */
  async line(limitBytes: number): Promise<string> {
    let end: number;
    while ((end = this.rest.indexOf('\n')) < 0 && this.rest.length <= limitBytes) {
      this.rest = Buffer.concat([this.rest, await this.more()]);
    }
    if (end < 0 || end > limitBytes) throw new Error('git wrote a line that is too long');
    const text = this.rest.toString('utf8', 0, end);
    this.rest = this.rest.subarray(end + 1);
    return text;
  }

  async take(bytes: number): Promise<Buffer> {
    const taken: Buffer[] = [];
    for (let left = bytes; left > 0;) {
      if (this.rest.length === 0) this.rest = await this.more();
      const chunk = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(chunk.length);
      left -= chunk.length;
      taken.push(chunk);
    }
    return Buffer.concat(taken);
  }

  /** @throws when there is more */
  async end(): Promise<void> {
    const next = await this.chunks.next();
    if (this.rest.length > 0 || next.done !== true) throw new Error('git wrote more than it was asked for');
  }

  private async more(): Promise<Buffer> {
    const next = await this.chunks.next();
    if (next.done === true) throw new Error('git wrote less than it said');
    return next.value;
  }
}
