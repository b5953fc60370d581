import { randomBytes } from 'node:crypto';
import { link, readdir, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';

const TRY_MS = 1_000;

/**
 * Shares the path of a unix socket among processes. Each listens on its own path. The shared path leads to the process
 * that took it last, and another process takes it after that one has stopped.
 */
export class SharedSocket {
  /** The path that this process listens on. */
  readonly own: string;

  constructor(private readonly path: string) {
    this.own = `${path}.${randomBytes(4).toString('hex')}`;
  }

  /** Points the shared path to this process. */
  async take(): Promise<void> {
    const temporary = `${this.own}.new`;
    await rm(temporary, { force: true });
    await link(this.own, temporary);
    await rename(temporary, this.path);
    // `rename` leaves it in place if both already link to the same socket.
    await rm(temporary, { force: true });
  }

  /** Takes the shared path if no process answers on it. */
  async takeIfDead(): Promise<void> {
    if (!(await answers(this.path))) await this.take();
  }

  /** Removes the sockets of processes that were killed. */
  async removeStale(): Promise<void> {
    const folder = dirname(this.path);
    const prefix = `${basename(this.path)}.`;
    for (const name of await readdir(folder)) {
      if (!name.startsWith(prefix)) continue;
      const path = join(folder, name);
      if (!(await answers(path))) await rm(path, { force: true });
    }
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (isAnswered: boolean) => {
      socket.destroy();
      resolve(isAnswered);
    };
    socket.setTimeout(TRY_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
