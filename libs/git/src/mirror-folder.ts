import { access, mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertCommitSha } from '@nexos/domain';
import { basicCredentials, gitEnvironment, type Remote } from './git-environment.js';
import { type GitCommand, GitExit, runGit, type RunningGit, startGit } from './git-process.js';

type Options = Pick<GitCommand, 'input' | 'signal' | 'onLine'> & { remote?: Remote; limitBytes?: number };

const PROJECT_ID = /^[a-z]+_[a-z0-9]+$/;
const KEPT_COMMITS = 20;
const REFS = 'refs/nexos';
/** Marker file that tells the next fetch that the mirror is damaged. */
const DAMAGED = 'nexos-damaged';
/** Files that a killed git leaves behind: locks, and partial packs and objects. */
const LEFTOVER = /\.lock$|^tmp_/;

/** The bare repository of one project on this machine. Changing it requires the lock at `lockPath`. */
export class MirrorFolder {
  readonly path: string;
  readonly lockPath: string;

  /** @throws {TypeError} when the project id, which becomes a folder name, is malformed */
  constructor(mirrorDir: string, projectId: string) {
    if (!PROJECT_ID.test(projectId)) throw new TypeError('The project id is malformed.');
    this.path = join(mirrorDir, `${projectId}.git`);
    this.lockPath = join(mirrorDir, `${projectId}.flock`);
  }

  /** Returns whether the mirror exists and is not marked as damaged. Does not check whether git can read it. */
  async isUsable(): Promise<boolean> {
    return (await exists(join(this.path, 'HEAD'))) && !(await exists(join(this.path, DAMAGED)));
  }

  /** Recreates the mirror, empty. */
  async recreate(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await mkdir(join(this.path, 'info'), { recursive: true, mode: 0o700 });
    // A build gets the same files as a checkout, but these two attributes would drop or rewrite some of them. Write
    // the file first, because a mirror that git can read is assumed to have it.
    await writeFile(join(this.path, 'info', 'attributes'), '* -export-ignore -export-subst\n');
    await this.git(['init', '--bare', '--quiet', '--template=', '--initial-branch=main']);
  }

  /** Removes the mirror. The lock goes last, so that its name reveals what a crash leaves. Requires the lock. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await rm(this.lockPath, { force: true });
  }

  async reportDamage(): Promise<void> {
    if (await exists(this.path)) await writeFile(join(this.path, DAMAGED), '');
  }

  /** Removes what killed processes left behind. Requires the lock. */
  async removeLeftovers(): Promise<void> {
    if (!(await exists(this.path))) return;
    for (const entry of await readdir(this.path, { recursive: true, withFileTypes: true })) {
      if (LEFTOVER.test(entry.name))
        await rm(join(entry.parentPath, entry.name), { recursive: true, force: true });
    }
  }

  /**
   * Returns whether the mirror has the commit with all of its files.
   *
   * @throws {GitExit} when only some of them are missing, so the mirror is damaged
   */
  async holds(sha: string, signal?: AbortSignal): Promise<boolean> {
    assertCommitSha(sha);
    const commit = `${sha}^{commit}`;
    try {
      await this.git(['rev-list', '--objects', '--no-walk', '--quiet', commit, '--'], { signal });
      return true;
    } catch (error) {
      if (!(error instanceof GitExit)) throw error;
      const found = await this.git(['cat-file', '--batch-check'], { input: `${commit}\n`, signal });
      if (/^[0-9a-f]+ commit /.test(found.toString())) throw error;
      return false;
    }
  }

  /** Returns whether `keep` has kept the commit; the mirror may have others too. */
  async isKept(sha: string): Promise<boolean> {
    assertCommitSha(sha);
    return exists(join(this.path, REFS, sha));
  }

  /** Protects the commit from garbage collection, and releases the least recently used ones. */
  async keep(sha: string): Promise<void> {
    const folder = join(this.path, REFS);
    await this.git(['update-ref', `${REFS}/${sha}`, sha]);
    const now = new Date();
    await utimes(join(folder, sha), now, now);
    const kept = await Promise.all(
      (await readdir(folder)).map(async (name) => ({ name, used: (await stat(join(folder, name))).mtimeMs })),
    );
    const released = kept.sort((a, b) => b.used - a.used).slice(KEPT_COMMITS);
    for (const { name } of released) await this.git(['update-ref', '-d', `${REFS}/${name}`]);
    if (released.length > 0) await this.git(['gc', '--auto', '--quiet']);
  }

  /** Has a kept commit count as just used. Needs no lock: at worst the commit is released all the same. */
  async touch(sha: string): Promise<void> {
    assertCommitSha(sha);
    const now = new Date();
    try {
      await utimes(join(this.path, REFS, sha), now, now);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** Runs git in the mirror. */
  async git(args: readonly string[], options: Options = {}): Promise<Buffer> {
    return await runGit(this.command(args, options), options.limitBytes);
  }

  /** Starts git in the mirror, for streaming its output. */
  start(args: readonly string[], options: Options = {}): RunningGit {
    return startGit(this.command(args, options));
  }

  private command(args: readonly string[], { remote, ...options }: Options): GitCommand {
    return {
      ...options,
      args,
      cwd: this.path,
      env: gitEnvironment({
        home: this.path,
        gitDir: this.path,
        ...(remote === undefined ? {} : { remote }),
      }),
      secrets: remote?.token === undefined ? [] : [remote.token, basicCredentials(remote.token)],
    };
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
