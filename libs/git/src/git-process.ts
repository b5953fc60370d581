import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ErrorOutput } from './error-output.js';

/** Milliseconds between SIGTERM, after which git's processes remove their locks, and SIGKILL. */
const GRACE = 300;

export interface GitCommand {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  /** Aborting kills git and every process that it started. */
  readonly signal?: AbortSignal | undefined;
  /** Texts to redact in errors. */
  readonly secrets?: readonly string[];
  /** Called with each complete line of standard error. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface RunningGit {
  readonly stdout: Readable;
  /**
   * Settles when git and its output have ended. Rejects with `GitExit` or the signal's reason. Does not settle before
   * `stdout` is read completely or destroyed.
   */
  readonly finished: Promise<void>;
  kill(): void;
}

/** Git ended with an exit code other than 0, or by a signal. */
export class GitExit extends Error {
  constructor(
    readonly command: string,
    readonly exitCode: number | null,
    /** The end of standard error, without secrets. */
    readonly stderr: string,
  ) {
    super(`git ${command} ended with ${exitCode === null ? 'a signal' : `exit code ${exitCode}`}: ${stderr}`);
    this.name = 'GitExit';
  }
}

/** Git wrote more than the limit. */
export class GitOutputTooLarge extends Error {
  constructor(readonly limitBytes: number) {
    super(`git wrote more than ${limitBytes} bytes`);
    this.name = 'GitOutputTooLarge';
  }
}

/** Starts git in its own process group, so that its transport helpers end with it. */
export function startGit(command: GitCommand): RunningGit {
  const { signal } = command;
  signal?.throwIfAborted();
  const child = spawn('git', command.args, {
    cwd: command.cwd,
    env: { ...command.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors = new ErrorOutput(command.secrets ?? [], command.onLine);
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.add(text));
  // Git may exit before it has read its input; its exit code says whether that was an error.
  child.stdin.on('error', () => undefined);
  child.stdin.end(command.input ?? '');

  let hasEnded = false;
  const kill = (): void => {
    if (!hasEnded) killGroup(child);
  };
  signal?.addEventListener('abort', kill, { once: true });
  const finished = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(new Error('git could not be started', { cause: error })));
    child.once('close', (exitCode) => {
      hasEnded = true;
      errors.end();
      if (exitCode === 0) resolve();
      else if (signal?.aborted === true) reject(signal.reason as Error);
      else reject(new GitExit(command.args[0] ?? '', exitCode, errors.text));
    });
  }).finally(() => signal?.removeEventListener('abort', kill));
  // Callers may await `finished` later; until then a failure must not count as unhandled.
  finished.catch(() => undefined);
  return { stdout: child.stdout, finished, kill };
}

/**
 * Runs git and returns its output.
 *
 * @throws {GitExit} {GitOutputTooLarge} or the signal's reason
 */
export async function runGit(command: GitCommand, limitBytes = 1024 * 1024): Promise<Buffer> {
  const git = startGit(command);
  const chunks: Buffer[] = [];
  let size = 0;
  git.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limitBytes) git.kill();
    else chunks.push(chunk);
  });
  try {
    await git.finished;
  } catch (error) {
    if (size <= limitBytes) throw error;
  }
  if (size > limitBytes) throw new GitOutputTooLarge(limitBytes);
  return Buffer.concat(chunks);
}

function killGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const killTimer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE);
  child.once('close', () => clearTimeout(killTimer));
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    // The group has already ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
