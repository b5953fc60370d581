import { randomBytes } from 'node:crypto';
import { link, readdir, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';

const TRY_MS = 1_000;

/**
 * The name of a unix socket that several processes may listen at, one after the other. Each listens at a name of its own;
 * the shared one leads to whoever took it last, and another one takes it once that process has ended.
 */
export class SharedSocket {
  /** Where this process listens. */
  readonly own: string;

  constructor(private readonly path: string) {
    this.own = `${path}.${randomBytes(4).toString('hex')}`;
  }

  /** Lets the shared name lead here. */
  async take(): Promise<void> {
    const aside = `${this.own}.new`;
    await rm(aside, { force: true });
    await link(this.own, aside);
    await rename(aside, this.path);
    // Where both were the same already, renaming leaves it.
    await rm(aside, { force: true });
  }

  /** Takes the shared name if nobody answers there any more. */
  async takeIfDead(): Promise<void> {
    if (!(await answers(this.path))) await this.take();
  }

  /** Removes the names of processes that were killed. */
  async removeLeft(): Promise<void> {
    const folder = dirname(this.path);
    const beginning = `${basename(this.path)}.`;
    for (const name of await readdir(folder)) {
      if (!name.startsWith(beginning)) continue;
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
