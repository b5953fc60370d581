import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SYSTEM_PATH } from './system-path.js';

/** Releases the lock. */
export type Release = () => Promise<void>;

/**
 * Takes an exclusive lock on a file, created if missing, and waits while another job, process or container that shares
 * the volume holds it. The lock ends with this process, however that ends: a child (`flock` of util-linux) holds it as
 * long as its input is open.
 *
 * @param path absolute
 * @throws the signal's reason
 * @see https://man7.org/linux/man-pages/man1/flock.1.html
 */
export async function lockFile(path: string, signal?: AbortSignal): Promise<Release> {
  const release = await flock(['-x', path, 'cat'], signal);
  if (release === null) throw new Error('flock ended before it had the lock');
  return release;
}

/** Takes the lock if it is free; returns null otherwise. */
export async function tryLockFile(path: string): Promise<Release | null> {
  return await flock(['-n', '-x', path, 'cat']);
}

async function flock(args: readonly string[], signal?: AbortSignal): Promise<Release | null> {
  signal?.throwIfAborted();
  // In its own process group, so that Ctrl-C in the terminal does not release the lock during a fetch.
  const child = spawn('flock', args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    env: { PATH: SYSTEM_PATH },
  });
  child.stdin.on('error', () => undefined);
  const closed = once(child, 'close');
  closed.catch(() => undefined);
  const kill = (): boolean => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  try {
    // `cat` starts once the lock is held, and echoes the line.
    child.stdin.write('\n');
    const answer = await Promise.race([once(child.stdout, 'data').then(() => 'locked' as const), closed]);
    signal?.throwIfAborted();
    if (answer !== 'locked') return null;
  } catch (error) {
    kill();
    child.stdin.destroy();
    signal?.throwIfAborted();
    throw new Error('The mirror could not be locked. Check that flock (util-linux) is installed.', {
      cause: error,
    });
  } finally {
    signal?.removeEventListener('abort', kill);
  }
  return async () => {
    child.stdin.end();
    await closed;
  };
}
