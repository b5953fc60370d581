import { GitExit } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';

/** Maximum bytes of the line before an object: its name and result. */
const HEADER_LIMIT = 16 * 1024;
const FOUND = /^[0-9a-f]+ ([a-z]+) (\d+)$/;
const NOT_THERE = / (?:missing|ambiguous)$/;

export interface ObjectRequest {
  /** `<sha>` or `<sha>:<path>`, on one line. */
  readonly name: string;
  readonly limitBytes: number;
}

export interface GitObject {
  /** `blob`, `tree`, `commit` or `tag` */
  readonly type: string;
  /** Null when it is larger than the limit. */
  readonly content: Buffer | null;
}

type Answer = GitObject | null;

/**
 * Reads objects and follows symbolic links inside the repository. One git process reads as many objects as it can. It
 * stops at an object that is too large and at a dangling link, and another process reads the objects after it.
 *
 * @returns the objects in the order of their names; null for missing ones
 * @throws {GitExit}
 * @throws the signal's reason
 */
export async function readObjects(
  mirror: MirrorFolder,
  wanted: readonly ObjectRequest[],
  signal?: AbortSignal,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < wanted.length) {
    answers.push(...(await readSome(mirror, wanted.slice(answers.length), signal)));
  }
  return answers;
}

/** @returns the first one or more of the wanted objects */
async function readSome(
  mirror: MirrorFolder,
  wanted: readonly ObjectRequest[],
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
      const { answer, isComplete } = await nextAnswer(output, limitBytes);
      answers.push(answer);
      if (isComplete) continue;
      await end();
      return answers;
    }
    await output.end();
    await git.finished;
    return answers;
  } catch (error) {
    const exit = await end();
    signal?.throwIfAborted();
    // Without an exit code, we killed git ourselves.
    throw exit instanceof GitExit && exit.exitCode !== null ? exit : error;
  }
}

/** @returns the object, and whether it was read completely so that git can return the next one */
async function nextAnswer(
  output: ByteReader,
  limitBytes: number,
): Promise<{ answer: Answer; isComplete: boolean }> {
  const header = await output.line(HEADER_LIMIT);
  const [, type, length] = FOUND.exec(header) ?? [];
  // For a dangling link git announces the length of its target, but writes fewer bytes if it contains a NUL.
  if (type === undefined) return { answer: null, isComplete: NOT_THERE.test(header) };
  if (Number(length) > limitBytes) return { answer: { type, content: null }, isComplete: false };
  const content = await output.take(Number(length));
  await output.line(0);
  return { answer: { type, content }, isComplete: true };
}

/** Reads lines and byte counts from a stream. */
class ByteReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  /** @throws when the line is longer than the limit */
  async line(limitBytes: number): Promise<string> {
    let end: number;
    while ((end = this.rest.indexOf('\n')) < 0 && this.rest.length <= limitBytes) {
      this.rest = Buffer.concat([this.rest, await this.more()]);
    }
    if (end < 0 || end > limitBytes) throw new Error('git wrote a line longer than expected');
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

  /** @throws when the stream has more data */
  async end(): Promise<void> {
    const next = await this.chunks.next();
    if (this.rest.length > 0 || next.done !== true) throw new Error('git wrote more than expected');
  }

  private async more(): Promise<Buffer> {
    const next = await this.chunks.next();
    if (next.done === true) throw new Error('git wrote less than it announced');
    return next.value;
  }
}
