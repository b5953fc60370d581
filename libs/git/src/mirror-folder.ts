import { access, mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertCommitSha } from '@nexos/domain';
import { basicCredentials, gitEnvironment, type Remote } from './git-environment.js';
import { type GitCommand, GitExit, runGit, type RunningGit, startGit } from './git-process.js';

type Options = Pick<GitCommand, 'input' | 'signal' | 'onLine'> & { remote?: Remote; limitBytes?: number };

const PROJECT_ID = /^[a-z]+_[a-z0-9]+$/;
const KEPT_COMMITS = 20;
const REFS = 'refs/nexos';
/** Left by whoever found the mirror unreadable, for the next fetch. */
const DAMAGED = 'nexos-damaged';
/** What a killed git leaves behind: locks, and the beginnings of packs and objects. */
const LEFTOVER = /\.lock$|^tmp_/;

/** The bare repository of one project on this machine. Whoever changes it holds the lock of `lockPath`. */
export class MirrorFolder {
  readonly path: string;
  readonly lockPath: string;

  /** @throws {TypeError} when the project id is not one: it becomes a folder's name */
  constructor(mirrorDir: string, projectId: string) {
    if (!PROJECT_ID.test(projectId)) throw new TypeError('The project id is malformed.');
    this.path = join(mirrorDir, `${projectId}.git`);
    this.lockPath = join(mirrorDir, `${projectId}.flock`);
  }

  /** Whether it is there, and nobody has reported it damaged. That git can read it is seen when it does. */
  async isUsable(): Promise<boolean> {
    return (await exists(join(this.path, 'HEAD'))) && !(await exists(join(this.path, DAMAGED)));
  }

  /** Makes it anew, empty. */
  async recreate(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await mkdir(join(this.path, 'info'), { recursive: true, mode: 0o700 });
    // A build gets the files that a checkout has; these two attributes would drop or rewrite some of them. They come
    // first: a mirror that git can read is taken to have them.
    await writeFile(join(this.path, 'info', 'attributes'), '* -export-ignore -export-subst\n');
    await this.git(['init', '--bare', '--quiet', '--template=', '--initial-branch=main']);
  }

  /** Removes it; the lock last, so that what a crash leaves is found by its name. Only for whoever holds the lock. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await rm(this.lockPath, { force: true });
  }

  async reportDamage(): Promise<void> {
    if (await exists(this.path)) await writeFile(join(this.path, DAMAGED), '');
  }

  /** Removes what processes that were killed have left. Only for whoever holds the lock. */
  async removeLeftovers(): Promise<void> {
    if (!(await exists(this.path))) return;
    for (const entry of await readdir(this.path, { recursive: true, withFileTypes: true })) {
      if (LEFTOVER.test(entry.name))
        await rm(join(entry.parentPath, entry.name), { recursive: true, force: true });
    }
  }

  /**
   * Whether the commit and all of its files are there.
   *
   * @throws {GitExit} when some of them are missing: the mirror is damaged
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

  /** Whether the commit was kept; one that was not may be there all the same. */
  async isKept(sha: string): Promise<boolean> {
    assertCommitSha(sha);
    return exists(join(this.path, REFS, sha));
  }

  /** Keeps the commit from being collected, and lets go of those that were used longest ago. */
  async keep(sha: string): Promise<void> {
    const folder = join(this.path, REFS);
    await this.git(['update-ref', `${REFS}/${sha}`, sha]);
    const now = new Date();
    await utimes(join(folder, sha), now, now);
    const kept = await Promise.all(
      (await readdir(folder)).map(async (name) => ({ name, used: (await stat(join(folder, name))).mtimeMs })),
    );
    const forgotten = kept.sort((a, b) => b.used - a.used).slice(KEPT_COMMITS);
    for (const { name } of forgotten) await this.git(['update-ref', '-d', `${REFS}/${name}`]);
    if (forgotten.length > 0) await this.git(['gc', '--auto', '--quiet']);
  }

  /** Runs git inside the mirror. */
  async git(args: readonly string[], options: Options = {}): Promise<Buffer> {
    return await runGit(this.command(args, options), options.limitBytes);
  }

  /** Starts git inside the mirror, for output that is read as it comes. */
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
